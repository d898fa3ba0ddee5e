package dev.convoy.worker.cuda.simulation.ptx;

/** A text is not PTX, or has something in it that is not known here. */
public final class PtxException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PtxException(int line, String message) {
    super("Line " + line + " of the PTX: " + message);
  }
}
