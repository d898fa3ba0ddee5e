package dev.convoy.worker.accelerator;

/** A network is to be computed on a GPU, and there is none for it. The message says why. */
public final class GpuRequiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * With the reason.
   *
   * @param reason why there is none, and what to do
   */
  public GpuRequiredException(String reason) {
    super("accelerator.gpu = required: expected a GPU to compute on, found none: " + reason);
  }
}
