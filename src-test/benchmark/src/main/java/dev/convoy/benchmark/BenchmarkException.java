package dev.convoy.benchmark;

/** Something that keeps a measurement from being taken; the message is for the user. */
public final class BenchmarkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message in the form "Cannot …: expected …, found …". */
  public BenchmarkException(String message) {
    super(message);
  }

  /** With what was the cause. */
  public BenchmarkException(String message, Throwable cause) {
    super(message, cause);
  }
}
