package dev.convoy.driver.command;

import dev.convoy.data.Text;

/** A command line that says too little or too much. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super("Cannot understand the command line: " + message);
  }

  /** Makes sure that the value of an option is from one number to another. */
  static void requireRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UsageException(Text.of("%s %d: expected %d to %d", option, value, least, most));
    }
  }
}
