package dev.convoy.worker.reference;

import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** f(W * x + b). */
record ConvolutionOperation(ConvolutionNode node) implements Operation {
  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    return Activations.forward(node.activation(), linear(arguments.get(0), shape, pass));
  }

  private int elements() {
    return Math.toIntExact(node.window().kernel()[0] * node.window().kernel()[1]);
  }

  /** The convolution without its function. */
  Values linear(Values input, Shape shape, Pass pass) {
    Parameters.Parameter weights = pass.parameters().of(node.layer(), "W");
    Values result = Values.zeros(input.examples(), shape);
    for (int example = 0; example < input.examples(); example++) {
      for (int filter = 0; filter < node.filters(); filter++) {
        int to = result.start(example, filter);
        if (node.hasBias()) {
          double bias = pass.parameters().of(node.layer(), "b").value(filter);
          java.util.Arrays.fill(result.data(), to, to + result.plane(), bias);
        }
        for (int channel = 0; channel < input.channels(); channel++) {
          int from = input.start(example, channel);
          int kernel = (filter * input.channels() + channel) * elements();
          Windows.walk(
              node.window(),
              input.height(),
              input.width(),
              (target, pixel, element) ->
                  result.data()[to + target] +=
                      weights.value(kernel + element) * input.data()[from + pixel]);
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
    Parameters.Parameter weights = pass.parameters().of(node.layer(), "W");
    Values inputGradient = input.zerosAlike();
    for (int example = 0; example < input.examples(); example++) {
      for (int filter = 0; filter < node.filters(); filter++) {
        int to = inner.start(example, filter);
        if (node.hasBias()) {
          for (int i = to; i < to + inner.plane(); i++) {
            pass.parameters().of(node.layer(), "b").addGradient(filter, inner.data()[i]);
          }
        }
        for (int channel = 0; channel < input.channels(); channel++) {
          int from = input.start(example, channel);
          int kernel = (filter * input.channels() + channel) * elements();
          Windows.walk(
              node.window(),
              input.height(),
              input.width(),
              (target, pixel, element) -> {
                double slope = inner.data()[to + target];
                weights.addGradient(kernel + element, slope * input.data()[from + pixel]);
                inputGradient.data()[from + pixel] += slope * weights.value(kernel + element);
              });
        }
      }
    }
    return List.of(inputGradient);
  }
}
