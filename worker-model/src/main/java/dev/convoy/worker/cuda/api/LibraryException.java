package dev.convoy.worker.cuda.api;

/** A library is missing or cannot be used. The message says which, and what to do. */
public final class LibraryException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a sentence or two for a person. */
  public LibraryException(String message) {
    super(message);
  }
}
