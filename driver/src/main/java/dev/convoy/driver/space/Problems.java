package dev.convoy.driver.space;

import com.typesafe.config.ConfigValue;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.Hocon;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a search space, collected so that one pass finds everything. */
final class Problems {
  private final List<String> problems = new ArrayList<>();

  /** Notes that a value does not fit. */
  void add(String key, ConfigValue value, String expected) {
    String description = value.origin().description();
    problems.add(
        "%s = %s: expected %s (%s)"
            .formatted(
                key.isEmpty() ? "the configuration" : key,
                Hocon.text(value),
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
}
