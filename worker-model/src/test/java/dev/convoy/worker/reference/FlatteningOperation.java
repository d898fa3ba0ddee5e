package dev.convoy.worker.reference;

import dev.convoy.worker.graph.FlatteningNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** The same values in the same order. */
record FlatteningOperation(FlatteningNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    return copy(arguments.get(0), Values.zeros(arguments.get(0).examples(), shape));
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    return List.of(copy(gradient, arguments.get(0).zerosAlike()));
  }

  private static Values copy(Values from, Values to) {
    System.arraycopy(from.data(), 0, to.data(), 0, from.data().length);
    return to;
  }
}
