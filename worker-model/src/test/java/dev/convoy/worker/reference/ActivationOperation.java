package dev.convoy.worker.reference;

import dev.convoy.worker.graph.ActivationNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** A function of each value. */
record ActivationOperation(ActivationNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    return Activations.forward(node.activation(), arguments.get(0));
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    return List.of(Activations.backward(node.activation(), arguments.get(0), gradient));
  }
}
