package dev.convoy.worker.reference;

import dev.convoy.worker.graph.Activation;
import org.apache.commons.math3.special.Erf;

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
      case LINEAR -> alpha * x;
      case RELU -> x > 0 ? x : alpha * x;
      case ELU -> x > 0 ? x : alpha * Math.expm1(x);
      case SELU -> Activation.SELU_SCALE * (x > 0 ? x : Activation.SELU_ALPHA * Math.expm1(x));
      case RELU6 -> Math.min(Math.max(x, 0), 6);
      case HARD_TANH -> Math.min(Math.max(x, -1), 1);
      case HARD_SIGMOID -> Math.min(Math.max(0.2 * x + 0.5, 0), 1);
      case STEP -> x > 0 ? 1 : 0;
      case TANH -> Math.tanh(x);
      case SIGMOID -> sigmoid(x);
      case SWISH -> x * sigmoid(alpha * x);
      case GELU -> x * (1 - Erf.erfc(x * Math.sqrt(0.5)) / 2);
      case SOFTPLUS -> Math.log1p(Math.exp(x));
      case MISH -> x * Math.tanh(Math.log1p(Math.exp(x)));
    };
  }

  private static double slope(Activation activation, double x) {
    double alpha = activation.alpha();
    return switch (activation.kind()) {
      case IDENTITY -> 1;
      case LINEAR -> alpha;
      case RELU -> x > 0 ? 1 : alpha;
      case ELU -> x > 0 ? 1 : alpha * Math.exp(x);
      case SELU -> Activation.SELU_SCALE * (x > 0 ? 1 : Activation.SELU_ALPHA * Math.exp(x));
      case RELU6 -> x > 0 && x < 6 ? 1 : 0;
      case HARD_TANH -> x > -1 && x < 1 ? 1 : 0;
      case HARD_SIGMOID -> x > -2.5 && x < 2.5 ? 0.2 : 0;
      case STEP -> 0;
      case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
      case SIGMOID -> sigmoid(x) * sigmoid(-x);
      case SWISH -> sigmoid(alpha * x) * (1 + alpha * x * sigmoid(-alpha * x));
      case GELU ->
          1 - Erf.erfc(x * Math.sqrt(0.5)) / 2 + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
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
