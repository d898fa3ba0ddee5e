package dev.convoy.driver.command;

/** A command line that says too little or too much. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super("Cannot understand the command line: " + message);
  }
}
