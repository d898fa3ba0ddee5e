package dev.convoy.driver.termination;

import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;

/** A rule by which one of so many trials goes on from each rung. */
abstract class RungRule implements TerminationRule {
  static final Option<Integer> REDUCTION_FACTOR =
      Option.wholeNumber(
          "reduction-factor", 3, 2, 1000, "one of so many trials goes on from each rung");

  final int reductionFactor;
  private final int minEpochs;

  RungRule(OptionValues options) {
    this.minEpochs = options.value(MIN_EPOCHS);
    this.reductionFactor = options.value(REDUCTION_FACTOR);
  }

  @Override
  public final Rungs rungs(int maxEpochs) {
    return Rungs.geometric(minEpochs, maxEpochs, reductionFactor);
  }

  @Override
  public final boolean pausesTrials() {
    return true;
  }

  /** Trials at the first rung of which one reaches the end. */
  final int trialsForTheEnd(int maxEpochs) {
    double trials = Math.pow(reductionFactor, rungs(maxEpochs).count() - 1.0);
    return (int) Math.min(Integer.MAX_VALUE, trials);
  }
}
