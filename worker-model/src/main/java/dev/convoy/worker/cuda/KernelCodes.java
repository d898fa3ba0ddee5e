package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.KeyedDropout;
import dev.convoy.worker.optimizer.DeviceSteps;

/** The numbers by which kernels know what Java tells apart by name. */
final class KernelCodes {
  private KernelCodes() {}

  /** As in functions.cuh. */
  static int of(Activation.Kind kind) {
    return switch (kind) {
      case IDENTITY -> 0;
      case LINEAR -> 1;
      case RELU -> 2;
      case ELU -> 3;
      case SELU -> 4;
      case RELU6 -> 5;
      case HARD_TANH -> 6;
      case HARD_SIGMOID -> 7;
      case STEP -> 8;
      case TANH -> 9;
      case SIGMOID -> 10;
      case SWISH -> 11;
      case GELU -> 12;
      case SOFTPLUS -> 13;
      case MISH -> 14;
    };
  }

  /** As in dropout.cu. */
  static int of(KeyedDropout.Form form) {
    return switch (form) {
      case INVERTED -> 0;
      case ORIGINAL -> 1;
      case ALPHA -> 2;
      case GAUSSIAN -> 3;
      case ADDED -> 4;
    };
  }

  /** As in dropout.cu. */
  static int of(KeyedDropout.Grain grain) {
    return switch (grain) {
      case VALUE -> 0;
      case CHANNEL -> 1;
      case IMAGE -> 2;
    };
  }

  /** As in update.cu. */
  static int of(DeviceSteps.Role role) {
    return switch (role) {
      case FROZEN -> 0;
      case LEARNED -> 1;
      case STATISTIC -> 2;
    };
  }
}
