package dev.convoy.driver.trial;

import dev.convoy.driver.termination.CurvePoint;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The result of an assignment.
 *
 * @param state where the trial stands now
 * @param epochs the trial has been trained for in all; of the longest run of a cross-validation
 * @param epochsSpent the same, of all runs of a cross-validation together
 * @param score how good it is
 * @param curve metric by epochs; empty if it is a cross-validation
 * @param reason why, where the state does not say it
 */
public record TrialResult(
    TrialState state,
    int epochs,
    long epochsSpent,
    Score score,
    List<CurvePoint> curve,
    String reason) {
  /** Copies the curve. */
  public TrialResult {
    curve = List.copyOf(curve);
  }

  /**
   * How good a trial is.
   *
   * @param metric of its best parameters; the mean over folds; empty if there was no evaluation
   * @param standardError of that mean; empty without folds
   * @param bestEpoch that the best parameters are from, 0 if there was no evaluation
   */
  public record Score(OptionalDouble metric, OptionalDouble standardError, int bestEpoch) {
    /** Of a trial that was never evaluated. */
    public static Score none() {
      return new Score(OptionalDouble.empty(), OptionalDouble.empty(), 0);
    }
  }

  /** Of a trial that did not get so far. */
  public static TrialResult without(TrialState state, String reason) {
    return new TrialResult(state, 0, 0, Score.none(), List.of(), reason);
  }
}
