package dev.convoy.worker.backend;

/**
 * A node in a plan: its constructor has added the forward steps.
 *
 * @param <P> plans
 * @param <T> tensors
 */
public interface Stage<P, T> {
  /** The node's result. */
  T output();

  /**
   * Adds the steps that compute the gradients of the arguments and parameters. Only in training.
   *
   * @param gradient of the result, in its type
   * @param gradients takes those of the arguments
   */
  void backward(P plan, T gradient, Gradients<T> gradients);
}
