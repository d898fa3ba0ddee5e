package dev.convoy.worker.schedule;

/** How the learning rate changes over a run: a pure function of progress. Immutable. */
public interface Schedule {
  /**
   * What the configured learning rate is multiplied by.
   *
   * @param epochs trained so far, with a fraction within an epoch, at least 0
   * @param totalEpochs in the run when nothing stops it early, at least 1
   */
  double factor(double epochs, double totalEpochs);

  /** Epochs at the beginning in which the rate rises before the schedule itself begins. */
  default double warmUpEpochs() {
    return 0;
  }
}
