package dev.convoy.worker.reference;

import dev.convoy.worker.graph.Activation;

/** The functions of {@link Activation} and their derivatives. */
final class Activations {
  private Activations() {}

  static Values forward(Activation activation, Values arguments) {
    Values result = arguments.zerosAlike();
    for (int i = 0; i < result.data().length; i++) {
      result.data()[i] = value(activation, arguments.data()[i]);
    }
    return result;
  }

  /** The gradient of the arguments, from that of the results. */
  static Values backward(Activation activation, Values arguments, Values gradient) {
    Values result = arguments.zerosAlike();
    for (int i = 0; i < result.data().length; i++) {
      result.data()[i] = gradient.data()[i] * slope(activation, arguments.data()[i]);
    }
    return result;
  }

  private static double value(Activation activation, double x) {
    double alpha = activation.alpha();
    return switch (activation.kind()) {
      case IDENTITY -> x;
      case RELU -> x > 0 ? x : alpha * x;
      case ELU -> x > 0 ? x : alpha * Math.expm1(x);
      case TANH -> Math.tanh(x);
      case SIGMOID -> sigmoid(x);
      case SWISH -> x * sigmoid(alpha * x);
      case SOFTPLUS -> Math.log1p(Math.exp(x));
      case MISH -> x * Math.tanh(Math.log1p(Math.exp(x)));
    };
  }

  private static double slope(Activation activation, double x) {
    double alpha = activation.alpha();
    return switch (activation.kind()) {
      case IDENTITY -> 1;
      case RELU -> x > 0 ? 1 : alpha;
      case ELU -> x > 0 ? 1 : alpha * Math.exp(x);
      case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
      case SIGMOID -> sigmoid(x) * sigmoid(-x);
      case SWISH -> sigmoid(alpha * x) * (1 + alpha * x * sigmoid(-alpha * x));
      case SOFTPLUS -> sigmoid(x);
      case MISH -> {
        double inner = Math.tanh(Math.log1p(Math.exp(x)));
        yield inner + x * (1 - inner * inner) * sigmoid(x);
      }
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
