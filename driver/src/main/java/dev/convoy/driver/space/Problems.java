package dev.convoy.driver.space;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import dev.convoy.driver.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What is wrong with a search space, collected so that one pass finds everything. */
final class Problems {
  private static final Pattern QUOTED_WORD = Pattern.compile("(?<!\\\\)\"([A-Za-z_][\\w-]*)\"");

  private final List<String> problems = new ArrayList<>();

  /** Notes that a value does not fit. */
  void add(String key, ConfigValue value, String expected) {
    String description = value.origin().description();
    problems.add(
        "%s = %s: expected %s (%s)"
            .formatted(
                key.isEmpty() ? "the configuration" : key,
                hocon(value),
                expected,
                description.startsWith("command line") ? "command line" : description));
  }

  /**
   * Throws if anything was noted.
   *
   * @throws ConfigurationException with every problem
   */
  void check() {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  /** A value on one line; the library's own HOCON leaves out braces. */
  static String hocon(ConfigValue value) {
    return QUOTED_WORD
        .matcher(value.render(ConfigRenderOptions.concise()))
        .replaceAll(match -> match.group(1));
  }
}
