package dev.convoy.driver.state;

import dev.convoy.data.component.ValueType;

/**
 * When a run stops for lack of progress, and which parameters are its best: a pure state machine.
 *
 * <p>An evaluation improves if its metric beats the best so far by more than {@code minDelta}. A
 * metric that is not a number never improves.
 *
 * @param metric what is watched
 * @param patience evaluations in a row without an improvement before the run stops, at least 1
 * @param minDelta at least 0
 */
public record EarlyStopping(Metric metric, int patience, double minDelta) {

  /** What is watched, and which way is better. */
  public enum Metric {
    /** Mean cross-entropy of the validation images; lower is better. */
    VALIDATION_LOSS,
    /** Accuracy on the validation images; higher is better. */
    VALIDATION_ACCURACY;

    /** The name in configurations. */
    public String key() {
      return ValueType.nameOf(this);
    }

    /**
     * The metric's value among those of an evaluation; no number where the loss is not finite: then
     * the network's values are no numbers, and its answers mean nothing.
     */
    public double of(double loss, double accuracy) {
      if (this == VALIDATION_LOSS) {
        return loss;
      }
      return Double.isFinite(loss) ? accuracy : Double.NaN;
    }

    /** The same as something of which less is better; infinite if it is no number. */
    public double asLoss(double value) {
      if (!Double.isFinite(value)) {
        return Double.POSITIVE_INFINITY;
      }
      return this == VALIDATION_LOSS ? value : -value;
    }

    /** Whether a value is a number that beats the best so far, if any, by more than that. */
    boolean improves(double best, double value, double minDelta) {
      return Double.isFinite(value)
          && (Double.isNaN(best)
              || (this == VALIDATION_LOSS ? best - value : value - best) > minDelta);
    }
  }

  /** What an evaluation meant. */
  public enum Verdict {
    /** The best so far: keep these parameters. */
    IMPROVED,
    /** Not better, but there is patience left. */
    WAITING,
    /** Patience is used up. */
    STOP
  }

  /**
   * What is remembered between evaluations.
   *
   * @param best metric so far; NaN before the first number
   * @param withoutImprovement evaluations since
   */
  public record Progress(double best, int withoutImprovement) {
    /** Before the first evaluation. */
    public static Progress none() {
      return new Progress(Double.NaN, 0);
    }
  }

  /**
   * The next state and what to do.
   *
   * @param progress to remember
   * @param verdict to act on
   */
  public record Observation(Progress progress, Verdict verdict) {}

  /** Takes in an evaluation. */
  public Observation observe(Progress before, double value) {
    if (metric.improves(before.best(), value, minDelta)) {
      return new Observation(new Progress(value, 0), Verdict.IMPROVED);
    }
    int without = before.withoutImprovement() + 1;
    return new Observation(
        new Progress(before.best(), without), without >= patience ? Verdict.STOP : Verdict.WAITING);
  }
}
