package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.Activation.Kind;

/** Functions of each value, and what other kernels do at the same time. */
final class Functions {
  private Functions() {}

  /** Factors above and below 0 of functions that are linear on either side. */
  private record Slopes(float above, float below) {}

  private static boolean isRectified(Activation function) {
    return function.kind() == Kind.IDENTITY
        || function.kind() == Kind.LINEAR
        || function.kind() == Kind.RELU;
  }

  private static Slopes slopes(Activation function) {
    return switch (function.kind()) {
      case LINEAR -> new Slopes(function.alpha(), function.alpha());
      case RELU -> new Slopes(1, function.alpha());
      default -> new Slopes(1, 1);
    };
  }

  /** result = f(argument + bias of the channel); the result may be the argument. */
  static void forward(
      CudaPlan plan,
      Activation function,
      DeviceTensor argument,
      Address bias,
      DeviceTensor result) {
    int size = argument.size();
    boolean rectified = isRectified(function);
    DeviceTensor known = argument;
    if (rectified || bias != Address.NONE) {
      Slopes slopes = rectified ? slopes(function) : new Slopes(1, 1);
      plan.launch(
          "bias",
          argument.type(),
          Grid.of(size / argument.type().pack()),
          argument,
          bias,
          result,
          size,
          argument.channels(),
          slopes.above(),
          slopes.below());
      known = result;
    }
    if (!rectified) {
      plan.launch(
          "function",
          argument.type(),
          Grid.of(size),
          known,
          result,
          size,
          KernelCodes.of(function.kind()),
          function.alpha());
    }
  }

  /** result = f(first + second). */
  static void add(
      CudaPlan plan,
      Activation function,
      DeviceTensor first,
      DeviceTensor second,
      DeviceTensor result) {
    Slopes slopes = isRectified(function) ? slopes(function) : new Slopes(1, 1);
    plan.launch(
        "add",
        first.type(),
        Grid.of(first.size() / first.type().pack()),
        first,
        second,
        result,
        first.size(),
        slopes.above(),
        slopes.below());
    if (!isRectified(function)) {
      forward(plan, function, result, Address.NONE, result);
    }
  }

  /**
   * The gradient of a function's argument.
   *
   * @param known the argument if the derivative is told from it, else the result
   */
  static DeviceTensor backward(
      CudaPlan plan, Activation function, DeviceTensor known, DeviceTensor gradient) {
    if (function.isNone()) {
      return gradient;
    }
    DeviceTensor ofArgument = DeviceTensor.of(gradient.images(), gradient.shape(), gradient.type());
    plan.mayOverwrite(gradient, ofArgument);
    int size = gradient.size();
    if (isRectified(function)) {
      plan.launch(
          "rectified_gradient",
          gradient.type(),
          Grid.of(size / gradient.type().pack()),
          known,
          gradient,
          ofArgument,
          size,
          slopes(function).above(),
          slopes(function).below());
    } else {
      plan.launch(
          "function_gradient",
          gradient.type(),
          Grid.of(size),
          known,
          gradient,
          ofArgument,
          size,
          KernelCodes.of(function.kind()),
          function.alpha());
    }
    return ofArgument;
  }
}
