package dev.convoy.data;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text for people and for files, the same in every locale. */
public final class Text {
  /** What stands in a secret's place; Spark writes the same. */
  public static final String HIDDEN = "*********(redacted)";

  /** A URL up to its password, and the password. */
  private static final Pattern PASSWORD_OF_URL =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://[^/\\s:@\"]*):[^/\\s\"]*@");

  /** A parameter of a URL that lets whoever has it in, as far as its value. */
  private static final Pattern KEY_OF_URL =
      Pattern.compile(
          "(?i)([?&][\\w.-]*(?:secret|password|token|signature|credential|sig|key)=)[^&\\s\"]+");

  private static final String QUOTED = Matcher.quoteReplacement(HIDDEN);

  private static final int MENTIONED = 3;
  private static final int LONGEST_NAME = 60;

  private Text() {}

  /** {@link String#format} with the digits and signs of {@link Locale#ROOT}. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation is in no library of this project
  public static String of(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /**
   * How many there are of something, such as "1 image" and "2,000 images".
   *
   * @param name of one
   */
  public static String count(long number, String name) {
    return of("%,d %s%s", number, name, number == 1 ? "" : "s");
  }

  /** The first line of what a failure says; the name of its class if it says nothing. */
  public static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  /**
   * A text without what lets others in: passwords of URLs, and the signatures and tokens in them.
   */
  public static String withoutPasswords(String text) {
    String hidden = text;
    if (text.contains("@")) {
      hidden = PASSWORD_OF_URL.matcher(hidden).replaceAll("$1:" + QUOTED + "@");
    }
    if (text.contains("?")) {
      hidden = KEY_OF_URL.matcher(hidden).replaceAll("$1" + QUOTED);
    }
    return hidden;
  }

  /**
   * A name that somebody else has chosen, as it can stand in a message: without characters that
   * move the cursor, and not longer than a line.
   */
  public static String printable(String name) {
    String shown = name.replaceAll("\\p{Cntrl}|\\p{Cf}", "?");
    return shown.length() <= LONGEST_NAME ? shown : shown.substring(0, LONGEST_NAME - 1) + "…";
  }

  /** The first three names, and how many more there are. */
  public static String firstFew(List<String> names) {
    int more = names.size() - MENTIONED;
    return more <= 0
        ? String.join(", ", names)
        : of("%s and %,d more", String.join(", ", names.subList(0, MENTIONED)), more);
  }
}
