package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.Head;

/** Adds the steps from a head's last values to their gradient, and to the loss. */
interface HeadLoss {
  /**
   * Adds the steps.
   *
   * @param logits in float32
   * @return the gradient of the logits, in float32
   */
  DeviceTensor add(CudaPlan plan, Head head, DeviceTensor logits);
}
