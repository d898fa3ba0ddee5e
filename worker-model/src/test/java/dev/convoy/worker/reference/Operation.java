package dev.convoy.worker.reference;

import dev.convoy.worker.graph.Shape;
import java.util.List;

/** What a node computes. */
interface Operation {
  /**
   * The result.
   *
   * @param shape of the result
   */
  Values forward(List<Values> arguments, Shape shape, Pass pass);

  /**
   * The gradients of the arguments, in their order; those of the parameters are added to the pass'.
   *
   * @param gradient of the result
   */
  List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass);
}
