package dev.convoy.worker.reference;

import dev.convoy.worker.graph.LocalResponseNormalizationNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/** x / s^beta, where s = k + alpha Σ x² over neighbouring channels. */
record LocalResponseNormalizationOperation(LocalResponseNormalizationNode node)
    implements Operation {
  private static int channel(Values values, int position) {
    return position / values.plane() % values.channels();
  }

  /** A sum over the neighbours of a value, itself among them. */
  private double sum(Values values, int position, double[] summands) {
    int half = Math.toIntExact(node.size() / 2);
    int channel = channel(values, position);
    int last = Math.min(values.channels() - 1, channel + half);
    double sum = 0;
    for (int other = Math.max(0, channel - half); other <= last; other++) {
      sum += summands[position + (other - channel) * values.plane()];
    }
    return sum;
  }

  private double[] scales(Values input) {
    double[] squares = new double[input.data().length];
    double[] scales = new double[squares.length];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = input.data()[i] * input.data()[i];
    }
    for (int i = 0; i < squares.length; i++) {
      scales[i] = node.k() + node.alpha() * sum(input, i, squares);
    }
    return scales;
  }

  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    Values input = arguments.get(0);
    Values result = input.zerosAlike();
    double[] scales = scales(input);
    for (int i = 0; i < scales.length; i++) {
      result.data()[i] = input.data()[i] * Math.pow(scales[i], -node.beta());
    }
    return result;
  }

  @Override
  public List<Values> backward(List<Values> arguments, Values result, Values gradient, Pass pass) {
    Values input = arguments.get(0);
    Values inputGradient = input.zerosAlike();
    double[] scales = scales(input);
    double[] ratios = new double[scales.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = gradient.data()[i] * result.data()[i] / scales[i];
    }
    for (int i = 0; i < ratios.length; i++) {
      inputGradient.data()[i] =
          gradient.data()[i] * Math.pow(scales[i], -node.beta())
              - 2 * node.alpha() * node.beta() * input.data()[i] * sum(input, i, ratios);
    }
    return List.of(inputGradient);
  }
}
