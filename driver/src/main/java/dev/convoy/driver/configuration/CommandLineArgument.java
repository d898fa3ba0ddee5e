package dev.convoy.driver.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code key.path=value} of a command line, or what is wrong with it. Other tools' ways to
 * write a setting are told from it: {@code epochs: 3}, {@code training.epochs 3}, {@code --lr=0.1}.
 *
 * @param typed the whole argument, or the several that belong together
 * @param key before the equals sign
 * @param value after it, without blanks around it
 * @param problem what is wrong; empty if nothing
 */
public record CommandLineArgument(
    String typed, String key, String value, Optional<String> problem) {
  private static final Pattern WITH_COLON = Pattern.compile("([\\w.-]+):(.*)", Pattern.DOTALL);

  static List<CommandLineArgument> of(List<String> arguments) {
    List<CommandLineArgument> read = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      Optional<String> next =
          i + 1 < arguments.size() && equalsSign(arguments.get(i + 1)) <= 0
              ? Optional.of(arguments.get(i + 1))
              : Optional.empty();
      int equals = equalsSign(argument);
      if (equals > 0 && !argument.substring(equals + 1).isBlank()) {
        read.add(setting(argument, equals));
        continue;
      }
      Optional<CommandLineArgument> together = next.flatMap(value -> apart(argument, value));
      if (together.isPresent()) {
        boolean signAlone = next.get().equals("=") && i + 2 < arguments.size();
        i += signAlone ? 2 : 1;
        read.add(together.get());
      } else {
        read.add(refused(argument, equals));
      }
    }
    return read;
  }

  private static CommandLineArgument setting(String argument, int equals) {
    String key = argument.substring(0, equals).strip();
    String value = argument.substring(equals + 1).strip();
    return key.endsWith("+")
        ? wrong(argument, "expected key.path=value: += is for files, give the whole value")
        : new CommandLineArgument(argument, key, value, Optional.empty());
  }

  /** Two arguments that are a key and its value, or an equals sign with blanks around it. */
  private static Optional<CommandLineArgument> apart(String argument, String next) {
    String key = argument.replaceFirst("\\s*[=:]$", "");
    boolean endsInSign = key.length() < argument.length();
    Optional<String> meant = KeyNames.meant(key);
    if (!endsInSign && !next.equals("=") && meant.isEmpty()) {
      return Optional.empty();
    }
    String value = next.replaceFirst("^=", "");
    return Optional.of(
        wrong(
            argument + " " + next,
            "expected key.path=value in one argument, such as "
                + Secrets.hidden(meant.orElse(key) + "=" + (value.isEmpty() ? "…" : value))));
  }

  private static CommandLineArgument refused(String argument, int equals) {
    if (equals > 0) {
      return wrong(
          argument,
          "expected a value after the =, found none; " + argument + "null unsets the key");
    }
    Matcher colon = WITH_COLON.matcher(argument);
    if (equals < 0 && colon.matches() && KeyNames.meant(colon.group(1)).isPresent()) {
      return wrong(
          argument,
          "expected key.path=value, such as "
              + KeyNames.meant(colon.group(1)).get()
              + "="
              + colon.group(2).strip());
    }
    Optional<String> meant = equals < 0 ? KeyNames.meant(argument) : Optional.empty();
    return wrong(
        argument,
        "expected key.path=value" + meant.map(key -> ", such as " + key + "=…").orElse(""));
  }

  /**
   * What to say of an option that a command does not have.
   *
   * @param option such as {@code --epochs} or {@code --lr=0.1}
   * @param following the argument after it, if there is one
   * @return empty if it means no key either
   */
  public static Optional<String> ofOption(String option, Optional<String> following) {
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals);
    Optional<String> value =
        equals >= 0
            ? Optional.of(option.substring(equals + 1))
            : following.filter(next -> !next.startsWith("-") && equalsSign(next) < 0);
    return KeyNames.meant(name)
        .map(
            key ->
                Secrets.hidden(option)
                    + (equals < 0 ? value.map(next -> " " + Secrets.hidden(next)).orElse("") : "")
                    + ": expected settings as key.path=value, such as "
                    + Secrets.hidden(key + "=" + value.orElse("…")));
  }

  private static CommandLineArgument wrong(String typed, String problem) {
    return new CommandLineArgument(
        typed, "", "", Optional.of(Secrets.hidden(typed) + ": " + problem + " (command line)"));
  }

  String refused(String problem) {
    return Secrets.hidden(typed) + ": " + problem + " (command line)";
  }

  /** Where the first equals sign outside quotation marks is; below 0 if there is none. */
  private static int equalsSign(String argument) {
    boolean quoted = false;
    for (int i = 0; i < argument.length(); i++) {
      if (argument.charAt(i) == '"') {
        quoted = !quoted;
      } else if (argument.charAt(i) == '=' && !quoted) {
        return i;
      }
    }
    return -1;
  }
}
