package dev.convoy.driver.search;

/** A failure that is no trial's own: the whole search ends with its cause, and can go on later. */
final class AbortedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AbortedException(RuntimeException cause) {
    super(cause);
  }

  /** What happened. */
  RuntimeException reason() {
    return (RuntimeException) getCause();
  }
}
