package dev.convoy.driver.exchange;

/** A slice is on no executor any more: those that had it were lost at the same time. */
public final class LostSliceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LostSliceException(String message) {
    super(message);
  }
}
