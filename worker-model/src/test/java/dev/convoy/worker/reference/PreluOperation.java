package dev.convoy.worker.reference;

import dev.convoy.worker.graph.PreluNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** x above 0, a x below, with an a for each channel. */
record PreluOperation(PreluNode node) implements Operation {
  private static int channel(Values values, int position) {
    return position / values.plane() % values.channels();
  }

  private Parameters.Parameter slopes(Pass pass) {
    return pass.parameters().of(node.layer(), "W");
  }

  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    Values input = arguments.get(0);
    Values result = input.zerosAlike();
    for (int i = 0; i < result.data().length; i++) {
      double x = input.data()[i];
      result.data()[i] = x > 0 ? x : slopes(pass).value(channel(input, i)) * x;
    }
    return result;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    Values input = arguments.get(0);
    Values inputGradient = input.zerosAlike();
    for (int i = 0; i < gradient.data().length; i++) {
      double x = input.data()[i];
      int channel = channel(input, i);
      double slope = gradient.data()[i];
      inputGradient.data()[i] = x > 0 ? slope : slope * slopes(pass).value(channel);
      slopes(pass).addGradient(channel, x > 0 ? 0 : slope * x);
    }
    return List.of(inputGradient);
  }
}
