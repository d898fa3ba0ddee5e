package dev.convoy.data.image;

/** An image file that cannot be used. The message is a short reason without the file's name. */
public final class UnreadableImageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A reason that was found by looking at the bytes. */
  public UnreadableImageException(String reason) {
    super(reason);
  }

  /** A reason that a reader reported. */
  public UnreadableImageException(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** Pixels of which some are missing or wrong. */
  static UnreadableImageException damaged(String format) {
    return new UnreadableImageException("the " + format + " data end too early or are damaged");
  }

  /** Data that break the rules of their format. */
  static UnreadableImageException broken(ImageFormat format, String what) {
    return new UnreadableImageException("broken " + format.title() + " data: " + what);
  }
}
