package dev.convoy.driver.directory;

/** The run directory cannot be written or read any more: full, gone, or not allowed. */
public final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a full sentence. */
  public OutputException(String message, Throwable cause) {
    super(message, cause);
  }
}
