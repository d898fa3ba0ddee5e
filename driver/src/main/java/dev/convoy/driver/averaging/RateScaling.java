package dev.convoy.driver.averaging;

/** What the learning rate is multiplied by for more workers. */
public enum RateScaling {
  /** 1: rounds of many batches, in which each worker takes steps of its own. */
  NONE,
  /** Their number: steps that are averaged batch by batch, as of one batch (Goyal et al. 2017). */
  LINEAR,
  /** Its square root, which keeps the variance of a step (Krizhevsky 2014). */
  SQUARE_ROOT;

  /**
   * The factor.
   *
   * @param workers at least 1
   */
  public double factor(int workers) {
    return switch (this) {
      case NONE -> 1;
      case LINEAR -> workers;
      case SQUARE_ROOT -> Math.sqrt(workers);
    };
  }
}
