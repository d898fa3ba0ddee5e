package dev.convoy.data;

/**
 * A problem with the user's data that no retry mends: a missing folder, a file that breaks its
 * format, a class without images. The message is one full sentence for the user: what could not be
 * done, what was expected, what was found and where.
 */
public class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem that was found by looking at the data. */
  public DataException(String message) {
    super(message);
  }

  /** The same with values in a format: see {@link Text#of}. */
  public DataException(String format, Object... values) {
    super(Text.of(format, values));
  }

  /** A problem that a library reported. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
