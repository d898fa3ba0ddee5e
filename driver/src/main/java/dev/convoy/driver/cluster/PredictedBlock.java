package dev.convoy.driver.cluster;

import dev.convoy.data.shard.ShardStatistics;

/**
 * The answers of members about some examples of a shard. A plain class, because it crosses the
 * wire; its arrays belong to the receiver.
 */
final class PredictedBlock {
  private final int[] ids;
  private final float[] probabilities;
  private final String[] rejectedLocations;
  private final String[] rejectedReasons;

  private PredictedBlock(
      int[] ids, float[] probabilities, String[] rejectedLocations, String[] rejectedReasons) {
    this.ids = ids;
    this.probabilities = probabilities;
    this.rejectedLocations = rejectedLocations;
    this.rejectedReasons = rejectedReasons;
  }

  /**
   * Predictions.
   *
   * @param probabilities axes [example, member, class]
   */
  PredictedBlock(int[] ids, float[] probabilities) {
    this(ids, probabilities, new String[0], new String[0]);
  }

  /** The same predictions, with the images that could not be read. */
  PredictedBlock withRejected(ShardStatistics statistics) {
    return new PredictedBlock(
        ids, probabilities, statistics.rejectedLocations(), statistics.rejectedReasons());
  }

  int[] ids() {
    return ids;
  }

  float[] probabilities() {
    return probabilities;
  }

  String[] rejectedLocations() {
    return rejectedLocations;
  }

  String[] rejectedReasons() {
    return rejectedReasons;
  }
}
