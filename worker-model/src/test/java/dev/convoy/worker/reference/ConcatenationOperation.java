package dev.convoy.worker.reference;

import dev.convoy.worker.graph.ConcatenationNode;
import dev.convoy.worker.graph.Shape;
import java.util.ArrayList;
import java.util.List;

/** The channels of several images, one image's after the other's. */
record ConcatenationOperation(ConcatenationNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    Values result = Values.zeros(arguments.get(0).examples(), shape);
    int channel = 0;
    for (Values argument : arguments) {
      for (int example = 0; example < argument.examples(); example++) {
        System.arraycopy(
            argument.data(),
            argument.start(example, 0),
            result.data(),
            result.start(example, channel),
            argument.channels() * argument.plane());
      }
      channel += argument.channels();
    }
    return result;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    List<Values> gradients = new ArrayList<>();
    int channel = 0;
    for (Values argument : arguments) {
      Values part = argument.zerosAlike();
      for (int example = 0; example < argument.examples(); example++) {
        System.arraycopy(
            gradient.data(),
            gradient.start(example, channel),
            part.data(),
            part.start(example, 0),
            argument.channels() * argument.plane());
      }
      gradients.add(part);
      channel += argument.channels();
    }
    return gradients;
  }
}
