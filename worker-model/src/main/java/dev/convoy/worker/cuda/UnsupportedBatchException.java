package dev.convoy.worker.cuda;

import dev.convoy.data.Text;

/**
 * A batch size for which cuDNN has no algorithm to train, although it had one for a single image
 * when the network was opened.
 */
final class UnsupportedBatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For a refusal of cuDNN's. */
  UnsupportedBatchException(String device, int images, CudaException cause) {
    super(
        Text.of(
            "Cannot train on %s in batches of %d images: %s. It has an algorithm for a single image,"
                + " so that another training.batch-size may do; accelerator.gpu = off computes on"
                + " the CPU.",
            device, images, cause.outcome()),
        cause);
  }
}
