package dev.convoy.worker.reference;

import dev.convoy.worker.graph.Shape;
import dev.convoy.worker.graph.SumNode;
import java.util.Collections;
import java.util.List;

/** f(Σ x). */
record SumOperation(SumNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    return Activations.forward(node.activation(), sum(arguments));
  }

  private static Values sum(List<Values> arguments) {
    Values sum = arguments.get(0).zerosAlike();
    arguments.forEach(sum::add);
    return sum;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    return Collections.nCopies(
        arguments.size(), Activations.backward(node.activation(), sum(arguments), gradient));
  }
}
