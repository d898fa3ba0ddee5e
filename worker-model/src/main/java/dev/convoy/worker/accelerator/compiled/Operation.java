package dev.convoy.worker.accelerator.compiled;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One operation of a network, whatever the batch size.
 *
 * <p>Values have names: an operation's own is that of its result.
 */
interface Operation {
  /** Name of the result. */
  String name();

  /** Names of the arguments. */
  List<String> inputs();

  /** The same operation on other arguments. */
  Operation reading(List<String> others);

  /**
   * Adds the operation's steps to a plan.
   *
   * @param inputs the arguments; belong to the caller
   */
  Stage forward(Plan plan, List<Tensor> inputs);

  /** How often each value is read. */
  static Map<String, Integer> uses(List<Operation> operations) {
    Map<String, Integer> uses = new HashMap<>();
    operations.forEach(o -> o.inputs().forEach(input -> uses.merge(input, 1, Integer::sum)));
    return uses;
  }

  /** An operation that can apply a function to its result while it is at it. */
  interface Activated extends Operation {
    Activation activation();

    /** The same operation with the function; only if there was none. */
    Operation activated(String name, Activation activation);
  }

  /** An operation in a plan. */
  interface Stage {
    /** The result, held once. */
    Tensor output();

    /**
     * Adds the steps that compute the gradients of the arguments and parameters.
     *
     * @param gradient of the result; this method releases it
     * @param gradients takes those of the arguments
     */
    void backward(Plan plan, Tensor gradient, Gradients gradients);
  }
}
