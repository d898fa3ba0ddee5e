package dev.convoy.worker.graph;

/** A network cannot be read as a graph, or not computed by a backend; the message says why. */
public final class UnsupportedNetworkException extends Exception {
  private static final long serialVersionUID = 1L;

  /** For a reason that reads well behind "not by oneDNN: ". */
  public UnsupportedNetworkException(String reason) {
    super(reason);
  }

  /** The same, with what it comes of. */
  public UnsupportedNetworkException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
