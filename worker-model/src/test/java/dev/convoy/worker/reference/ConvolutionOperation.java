package dev.convoy.worker.reference;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Kernels;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** f(W * x + b). */
record ConvolutionOperation(ConvolutionNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    return Activations.forward(node.activation(), linear(arguments.get(0), shape, pass));
  }

  /** The channels that a filter reads: those of its group. */
  private int firstChannel(int filter) {
    Kernels kernels = node.kernels();
    return Math.toIntExact(filter / kernels.filters() * kernels.channels());
  }

  /** Where the weight of a filter, one of its channels, and an element of the window is. */
  private int weight(int filter, int channel, int element) {
    long number = channel * node.window().elements() + element;
    return Math.toIntExact(node.kernels().first(filter) + number * node.kernels().step());
  }

  /** The convolution without its function. */
  Values linear(Values input, Shape shape, Pass pass) {
    EffectiveWeights weights =
        new EffectiveWeights(node.layer(), node.kernels().parameter(), node.weighting(), pass);
    Values result = Values.zeros(input.examples(), shape);
    for (int example = 0; example < input.examples(); example++) {
      for (int filter = 0; filter < node.filters(); filter++) {
        int to = result.start(example, filter);
        if (node.hasBias()) {
          double bias = pass.parameters().of(node.layer(), "b").value(filter);
          java.util.Arrays.fill(result.data(), to, to + result.plane(), bias);
        }
        for (int c = 0; c < node.kernels().channels(); c++) {
          int channel = c;
          int number = filter;
          int from = input.start(example, firstChannel(filter) + channel);
          Windows.walk(
              node.window(),
              input.height(),
              input.width(),
              (target, pixel, element) ->
                  result.data()[to + target] +=
                      weights.value(weight(number, channel, element)) * input.data()[from + pixel]);
        }
      }
    }
    return result;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    Values input = arguments.get(0);
    Values inner =
        Activations.backward(node.activation(), linear(input, result.shape(), pass), gradient);
    EffectiveWeights weights =
        new EffectiveWeights(node.layer(), node.kernels().parameter(), node.weighting(), pass);
    Values inputGradient = input.zerosAlike();
    for (int example = 0; example < input.examples(); example++) {
      for (int filter = 0; filter < node.filters(); filter++) {
        int to = inner.start(example, filter);
        if (node.hasBias()) {
          for (int i = to; i < to + inner.plane(); i++) {
            pass.parameters().of(node.layer(), "b").addGradient(filter, inner.data()[i]);
          }
        }
        for (int c = 0; c < node.kernels().channels(); c++) {
          int channel = c;
          int number = filter;
          int from = input.start(example, firstChannel(filter) + channel);
          Windows.walk(
              node.window(),
              input.height(),
              input.width(),
              (target, pixel, element) -> {
                double slope = inner.data()[to + target];
                weights.addGradient(
                    weight(number, channel, element), slope * input.data()[from + pixel]);
                inputGradient.data()[from + pixel] +=
                    slope * weights.value(weight(number, channel, element));
              });
        }
      }
    }
    weights.backward();
    return List.of(inputGradient);
  }
}
