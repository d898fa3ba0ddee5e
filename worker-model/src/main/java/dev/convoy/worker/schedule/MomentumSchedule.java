package dev.convoy.worker.schedule;

import java.util.OptionalDouble;

/** How an optimizer's momentum changes over a run: a pure function of progress. Immutable. */
public interface MomentumSchedule {
  /**
   * The momentum, or beta1, in [0, 1); empty for the optimizer's own.
   *
   * @param epochs trained so far, with a fraction within an epoch, at least 0
   * @param totalEpochs in the run when nothing stops it early, at least 1
   */
  OptionalDouble momentum(double epochs, double totalEpochs);
}
