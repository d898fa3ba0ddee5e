package dev.convoy.worker.reference;

import dev.convoy.worker.graph.BatchNormalizationNode;
import dev.convoy.worker.graph.Shape;
import java.util.List;

/**
 * f(gamma (x - mean) / sqrt(variance + epsilon) + beta). The running statistics' gradients are what
 * is to be taken off them, (1 - decay) (running - batch), as they are for a whole batch; where it
 * is frozen, nothing is.
 */
record BatchNormalizationOperation(BatchNormalizationNode node) implements Operation {
  /** Of one channel. */
  private record Statistics(double mean, double variance, double count) {
    static Statistics of(Values values, int channel) {
      double count = (double) values.examples() * values.plane();
      double sum = 0;
      for (int example = 0; example < values.examples(); example++) {
        int start = values.start(example, channel);
        for (int i = start; i < start + values.plane(); i++) {
          sum += values.data()[i];
        }
      }
      double squares = 0;
      for (int example = 0; example < values.examples(); example++) {
        int start = values.start(example, channel);
        for (int i = start; i < start + values.plane(); i++) {
          squares += Math.pow(values.data()[i] - sum / count, 2);
        }
      }
      return new Statistics(sum / count, squares / count, count);
    }
  }

  private Statistics statistics(Values input, int channel, Pass pass) {
    return pass.training() && !node.frozen()
        ? Statistics.of(input, channel)
        : new Statistics(
            pass.parameters().of(node.layer(), "mean").value(channel),
            pass.parameters().of(node.layer(), "var").value(channel),
            0);
  }

  @Override
  public Values forward(List<Values> arguments, Shape shape, Pass pass) {
    return Activations.forward(node.activation(), linear(arguments.get(0), pass));
  }

  /** The normalisation without its function. */
  Values linear(Values input, Pass pass) {
    Values result = input.zerosAlike();
    for (int channel = 0; channel < input.channels(); channel++) {
      Statistics statistics = statistics(input, channel, pass);
      double scale =
          pass.parameters().of(node.layer(), "gamma").value(channel)
              / Math.sqrt(statistics.variance + node.epsilon());
      double shift = pass.parameters().of(node.layer(), "beta").value(channel);
      for (int example = 0; example < input.examples(); example++) {
        int start = input.start(example, channel);
        for (int i = start; i < start + input.plane(); i++) {
          result.data()[i] = scale * (input.data()[i] - statistics.mean) + shift;
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
    for (int channel = 0; channel < input.channels(); channel++) {
      backward(channel, input, inner, inputGradient, pass);
    }
    return List.of(inputGradient);
  }

  private void backward(
      int channel, Values input, Values gradient, Values inputGradient, Pass pass) {
    Statistics statistics = statistics(input, channel, pass);
    double inverse = 1 / Math.sqrt(statistics.variance + node.epsilon());
    double sum = 0;
    double product = 0;
    for (int example = 0; example < input.examples(); example++) {
      int start = input.start(example, channel);
      for (int i = start; i < start + input.plane(); i++) {
        sum += gradient.data()[i];
        product += gradient.data()[i] * (input.data()[i] - statistics.mean) * inverse;
      }
    }
    Parameters.Parameter gamma = pass.parameters().of(node.layer(), "gamma");
    gamma.addGradient(channel, product);
    pass.parameters().of(node.layer(), "beta").addGradient(channel, sum);
    if (!node.frozen()) {
      takeOff("mean", channel, statistics.mean, pass);
      takeOff("var", channel, statistics.variance, pass);
    }
    for (int example = 0; example < input.examples(); example++) {
      int start = input.start(example, channel);
      for (int i = start; i < start + input.plane(); i++) {
        double normalised = (input.data()[i] - statistics.mean) * inverse;
        double throughStatistics =
            node.frozen() ? 0 : (sum + normalised * product) / statistics.count;
        inputGradient.data()[i] =
            gamma.value(channel) * inverse * (gradient.data()[i] - throughStatistics);
      }
    }
  }

  private void takeOff(String statistic, int channel, double ofBatch, Pass pass) {
    Parameters.Parameter running = pass.parameters().of(node.layer(), statistic);
    running.addGradient(channel, (1 - node.decay()) * (running.value(channel) - ofBatch));
  }
}
