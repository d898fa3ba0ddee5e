package dev.convoy.worker.cuda;

/** A node in a plan: its constructor has added the forward steps. */
interface CudaStage {
  /** The node's result. */
  DeviceTensor output();

  /**
   * Adds the steps that compute the gradients of the arguments and parameters. Only in training.
   *
   * @param gradient of the result, in its type
   * @param gradients takes those of the arguments
   */
  void backward(CudaPlan plan, DeviceTensor gradient, CudaGradients gradients);
}
