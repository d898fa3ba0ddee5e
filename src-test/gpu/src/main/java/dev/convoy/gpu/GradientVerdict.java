package dev.convoy.gpu;

import dev.convoy.worker.backend.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether loss and gradient of a precision are as they should be.
 *
 * @param wrong what is not right; empty if all is
 * @param directionChecked whether the gradient's direction says anything in that precision
 */
record GradientVerdict(List<String> wrong, boolean directionChecked) {
  private static final String RIGHT = "right";

  /** What is asked of single precision, or so many times what the CPU differs from the formulas. */
  private static final double FLOAT_ROUNDING = 1e-3;

  private static final double OF_CPU = 10;

  /**
   * A network whose gradient differs by more on the CPU amplifies rounding, as deep ones do that
   * normalise few images by their own statistics: in less precision any direction is right, and the
   * loss differs by up to a seventh on the simulated card.
   */
  private static final double AMPLIFYING = 2e-5;

  private static final double OF_AMPLIFIED_LOSS = 10;

  /**
   * What was compared.
   *
   * @param loss of the GPU
   * @param expectedLoss by the formulas
   * @param gradient beside the formulas'
   * @param ofCpu the largest difference of the CPU's gradient from the formulas'
   */
  record Compared(double loss, double expectedLoss, GradientDifference gradient, double ofCpu) {
    double lossDifference() {
      return Math.abs(loss - expectedLoss) / Math.abs(expectedLoss);
    }
  }

  static GradientVerdict of(Precision precision, Compared compared) {
    List<String> wrong = new ArrayList<>();
    boolean directionChecked = precision == Precision.FLOAT32 || compared.ofCpu() <= AMPLIFYING;
    double mostOfLoss = mostOfLoss(precision) * (directionChecked ? 1 : OF_AMPLIFIED_LOSS);
    if (!(compared.lossDifference() <= mostOfLoss)) {
      wrong.add(
          String.format(
              Locale.ROOT, "loss %.6f instead of %.6f", compared.loss(), compared.expectedLoss()));
    }
    double limit = Math.max(FLOAT_ROUNDING, OF_CPU * compared.ofCpu());
    if (precision == Precision.FLOAT32 && !(compared.gradient().largest() <= limit)) {
      wrong.add(String.format(Locale.ROOT, "differs by more than %.1e", limit));
    }
    double cosine = compared.gradient().cosine();
    if (directionChecked ? !(cosine >= leastCosine(precision)) : Double.isNaN(cosine)) {
      wrong.add("another direction");
    }
    return new GradientVerdict(wrong, directionChecked);
  }

  private static double mostOfLoss(Precision precision) {
    return switch (precision) {
      case BFLOAT16 -> 3e-2;
      case TF32 -> 1e-2;
      default -> 1e-4;
    };
  }

  private static double leastCosine(Precision precision) {
    return precision == Precision.BFLOAT16 ? 0.9 : 0.99;
  }

  /** The same, and what else is wrong. */
  GradientVerdict and(boolean right, String otherwise) {
    if (right) {
      return this;
    }
    List<String> more = new ArrayList<>(wrong);
    more.add(otherwise);
    return new GradientVerdict(more, directionChecked);
  }

  boolean isRight() {
    return wrong.isEmpty();
  }

  /** For a person: whether it is right is what it begins with. */
  @Override
  public String toString() {
    return (isRight() ? RIGHT : String.join(", ", wrong))
        + (directionChecked ? "" : "; direction not checked");
  }

  /** Whether a text says that all is right. */
  static boolean isRight(String text) {
    return text.startsWith(RIGHT);
  }
}
