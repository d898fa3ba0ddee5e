package dev.convoy.data;

import java.util.List;
import java.util.Locale;

/** Text for people and for files, the same in every locale. */
public final class Text {
  private static final int MENTIONED = 3;

  private Text() {}

  /** {@link String#format} with the digits and signs of {@link Locale#ROOT}. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation is in no library of this project
  public static String of(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** The first line of what a failure says; the name of its class if it says nothing. */
  public static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  /** The first three names, and how many more there are. */
  public static String firstFew(List<String> names) {
    int more = names.size() - MENTIONED;
    return more <= 0
        ? String.join(", ", names)
        : of("%s and %,d more", String.join(", ", names.subList(0, MENTIONED)), more);
  }
}
