package dev.convoy.driver.trial;

/** A failure that is no trial's own: the whole loop ends with its cause, and can go on later. */
public final class AbortedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Of that cause. */
  public AbortedException(RuntimeException cause) {
    super(cause);
  }

  /** What happened. */
  RuntimeException reason() {
    return (RuntimeException) getCause();
  }
}
