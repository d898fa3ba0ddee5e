package dev.convoy.driver.training;

/**
 * How often a run may lose executors together with what a round begins with, without coming
 * further: a cluster that loses them more often is of no use. Driver only.
 */
final class LossLimit {
  /** Losses in a row from the same checkpoint. */
  static final int MOST = 8;

  private int losses;
  private long rounds = -1;

  /**
   * Counts a loss; anew where a later checkpoint was reached since the last.
   *
   * @param roundsReached rounds of the latest checkpoint; 0 if there is none
   * @return whether the run is to end
   */
  boolean isReachedBy(long roundsReached) {
    if (roundsReached > rounds) {
      rounds = roundsReached;
      losses = 0;
    }
    losses++;
    return losses > MOST;
  }
}
