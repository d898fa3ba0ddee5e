package dev.convoy.worker.accelerator.compiled;

/** A network, or the machine it is on, cannot be compiled; the message says why. */
public final class UnsupportedNetworkException extends Exception {
  private static final long serialVersionUID = 1L;

  UnsupportedNetworkException(String reason) {
    super(reason);
  }
}
