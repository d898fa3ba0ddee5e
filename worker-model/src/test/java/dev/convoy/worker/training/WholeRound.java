package dev.convoy.worker.training;

/** Rounds at the schedule's rate, of which all batches are trained. */
public final class WholeRound {
  private WholeRound() {}

  /** What a worker is told of one; see {@link RoundTask}. */
  public static RoundTask task(
      int epoch, int round, int batches, int shard, long firstStep, long stepsPerEpoch) {
    return new RoundTask(
        epoch, round, batches, shard, firstStep, stepsPerEpoch, 1, Double.POSITIVE_INFINITY);
  }
}
