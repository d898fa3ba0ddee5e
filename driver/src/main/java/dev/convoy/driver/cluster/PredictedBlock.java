package dev.convoy.driver.cluster;

/**
 * What members say of some examples of a shard. A plain class, because it crosses the wire; its
 * arrays belong to the receiver.
 */
final class PredictedBlock {
  private final int[] ids;
  private final float[] probabilities;

  /**
   * Predictions.
   *
   * @param probabilities axes [example, member, class]
   */
  PredictedBlock(int[] ids, float[] probabilities) {
    this.ids = ids;
    this.probabilities = probabilities;
  }

  int[] ids() {
    return ids;
  }

  float[] probabilities() {
    return probabilities;
  }
}
