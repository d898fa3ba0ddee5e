package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;

/** What training makes small, for one image at a time. Immutable, without state. */
public interface Loss {
  /**
   * Computes an image's loss and its gradient; the image's weight is left to the caller.
   *
   * @param logits by class; overwritten with the gradient
   * @param image number of the image in {@code targets}
   * @return the loss, at least 0
   */
  double derive(double[] logits, Targets targets, int image);
}
