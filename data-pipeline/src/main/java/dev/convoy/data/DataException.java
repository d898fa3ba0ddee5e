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

  /**
   * A problem that was found by looking at the data: {@code Cannot read images: expected a
   * directory, found a file, in /data. Check the path.}
   */
  public static DataException cannot(
      String what, String expected, Object found, Object where, String remedy) {
    return cannot(what, expected, found, where, remedy, null);
  }

  /** The same of a problem that a library reported. */
  public static DataException cannot(
      String what, String expected, Object found, Object where, String remedy, Throwable cause) {
    return new DataException(
        Text.of(
            "Cannot %s: expected %s, found %s, in %s. %s", what, expected, found, where, remedy),
        cause);
  }
}
