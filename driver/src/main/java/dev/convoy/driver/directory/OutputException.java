package dev.convoy.driver.directory;

import dev.convoy.data.Text;

/** The run directory cannot be written or read any more: full, gone, or not allowed. */
public final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a full sentence. */
  public OutputException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The same with values in a format: see {@link Text#of}. */
  OutputException(Throwable cause, String format, Object... values) {
    super(Text.of(format, values), cause);
  }
}
