package dev.convoy.driver.configuration;

import dev.convoy.data.Text;
import java.util.List;

/** What is wrong with a configuration or a command line: every problem at once. */
public class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /** With at least one problem, one line each. */
  public ConfigurationException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** With one problem. */
  public ConfigurationException(String problem) {
    this(List.of(problem));
  }

  /** With one problem, with values in a format: see {@link Text#of}. */
  public ConfigurationException(String format, Object... values) {
    this(Text.of(format, values));
  }

  /** One line each. */
  public final List<String> problems() {
    return problems;
  }
}
