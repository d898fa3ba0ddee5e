package dev.convoy.worker.reference;

import dev.convoy.worker.graph.MaximumNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** The largest of several values, the first of which has the gradient. */
record MaximumOperation(MaximumNode node) implements Operation {
  private static int largest(List<Values> arguments, int position) {
    int largest = 0;
    for (int i = 1; i < arguments.size(); i++) {
      if (arguments.get(i).data()[position] > arguments.get(largest).data()[position]) {
        largest = i;
      }
    }
    return largest;
  }

  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    Values result = arguments.get(0).zerosAlike();
    for (int i = 0; i < result.data().length; i++) {
      result.data()[i] = arguments.get(largest(arguments, i)).data()[i];
    }
    return result;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    List<Values> gradients = arguments.stream().map(Values::zerosAlike).toList();
    for (int i = 0; i < gradient.data().length; i++) {
      gradients.get(largest(arguments, i)).data()[i] = gradient.data()[i];
    }
    return gradients;
  }
}
