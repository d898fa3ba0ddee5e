package dev.convoy.worker.reference;

import dev.convoy.worker.graph.GroupNormalizationNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/**
 * f(gamma x + beta), where x = (value - mean) / sqrt(variance + epsilon) of a group of an image's
 * channels.
 */
record GroupNormalizationOperation(GroupNormalizationNode node) implements Operation {
  /** A group of one image: its values are neighbours in memory. */
  private record Group(int from, int to, double mean, double deviation) {}

  private Group group(Values input, int example, int number) {
    int size = input.channels() / Math.toIntExact(node.groups()) * input.plane();
    int from = input.start(example, 0) + number * size;
    double sum = 0;
    for (int i = from; i < from + size; i++) {
      sum += input.data()[i];
    }
    double squares = 0;
    for (int i = from; i < from + size; i++) {
      squares += Math.pow(input.data()[i] - sum / size, 2);
    }
    return new Group(from, from + size, sum / size, Math.sqrt(squares / size + node.epsilon()));
  }

  private static int channel(Values values, int position) {
    return position / values.plane() % values.channels();
  }

  private double parameter(String name, Values values, int position, Pass pass) {
    return pass.parameters().of(node.layer(), name).value(channel(values, position));
  }

  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    return Activations.forward(node.activation(), linear(arguments.get(0), pass));
  }

  /** The normalisation without its function. */
  private Values linear(Values input, Pass pass) {
    Values result = input.zerosAlike();
    for (int example = 0; example < input.examples(); example++) {
      for (int number = 0; number < node.groups(); number++) {
        Group group = group(input, example, number);
        for (int i = group.from; i < group.to; i++) {
          double normalised = (input.data()[i] - group.mean) / group.deviation;
          result.data()[i] =
              parameter("gamma", input, i, pass) * normalised + parameter("beta", input, i, pass);
        }
      }
    }
    return result;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    Values input = arguments.get(0);
    Values inner = Activations.backward(node.activation(), linear(input, pass), gradient);
    Values inputGradient = input.zerosAlike();
    for (int example = 0; example < input.examples(); example++) {
      for (int number = 0; number < node.groups(); number++) {
        backward(group(input, example, number), input, inner, inputGradient, pass);
      }
    }
    return List.of(inputGradient);
  }

  private void backward(
      Group group, Values input, Values gradient, Values inputGradient, Pass pass) {
    double sum = 0;
    double product = 0;
    for (int i = group.from; i < group.to; i++) {
      double normalised = (input.data()[i] - group.mean) / group.deviation;
      double slope = gradient.data()[i];
      int channel = channel(input, i);
      pass.parameters().of(node.layer(), "gamma").addGradient(channel, slope * normalised);
      pass.parameters().of(node.layer(), "beta").addGradient(channel, slope);
      sum += slope * parameter("gamma", input, i, pass);
      product += slope * parameter("gamma", input, i, pass) * normalised;
    }
    double size = group.to - group.from;
    for (int i = group.from; i < group.to; i++) {
      double normalised = (input.data()[i] - group.mean) / group.deviation;
      inputGradient.data()[i] =
          (gradient.data()[i] * parameter("gamma", input, i, pass)
                  - sum / size
                  - normalised * product / size)
              / group.deviation;
    }
  }
}
