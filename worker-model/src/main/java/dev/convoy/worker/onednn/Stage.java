package dev.convoy.worker.onednn;

/** A node in a plan: its constructor has added the forward steps. */
interface Stage {
  /** The node's result. */
  Tensor output();

  /**
   * Adds the steps that compute the gradients of the arguments and parameters. Only in training.
   *
   * @param gradient of the result
   * @param gradients takes those of the arguments
   */
  void backward(Plan plan, Tensor gradient, Gradients gradients);
}
