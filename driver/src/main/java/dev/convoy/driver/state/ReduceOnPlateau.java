package dev.convoy.driver.state;

/**
 * When a run goes on at a lower learning rate for lack of progress: a pure state machine.
 *
 * <p>An evaluation improves if its metric beats the best so far by more than {@code minDelta}. The
 * rate falls after {@code patience} evaluations in a row without an improvement, but for those that
 * are within the cooldown of the last fall. As PyTorch's ReduceLROnPlateau with {@code
 * threshold_mode = abs}, whose patience is one less.
 *
 * @param metric what is watched
 * @param patience at least 1
 * @param minDelta at least 0
 * @param factor what a fall multiplies the rate by, in (0, 1)
 * @param cooldown evaluations after a fall that do not count, at least 0
 * @param smallest share of the rate that is always left, in [0, 1]
 */
public record ReduceOnPlateau(
    EarlyStopping.Metric metric,
    int patience,
    double minDelta,
    double factor,
    int cooldown,
    double smallest) {

  /**
   * What is remembered between evaluations.
   *
   * @param share of the schedule's rate that is left, in (0, 1]
   * @param best metric so far; NaN before the first number
   * @param withoutImprovement evaluations since the last improvement or fall that count
   * @param cooling evaluations to come that do not count
   */
  public record Progress(double share, double best, int withoutImprovement, int cooling) {
    /** Before the first evaluation. */
    public static Progress none() {
      return new Progress(1, Double.NaN, 0, 0);
    }
  }

  /** Takes in an evaluation. */
  public Progress observe(Progress before, double value) {
    boolean improved = metric.improves(before.best(), value, minDelta);
    double best = improved ? value : before.best();
    if (before.cooling() > 0) {
      return new Progress(before.share(), best, 0, before.cooling() - 1);
    }
    int without = improved ? 0 : before.withoutImprovement() + 1;
    return without < patience
        ? new Progress(before.share(), best, without, 0)
        : new Progress(Math.max(smallest, before.share() * factor), best, 0, cooldown);
  }
}
