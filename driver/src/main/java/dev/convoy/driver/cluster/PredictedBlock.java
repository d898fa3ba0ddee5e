package dev.convoy.driver.cluster;

import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.Quarantined;
import java.util.List;

/**
 * The answers of members about some examples of a shard. A plain class, because it crosses the
 * wire; its arrays belong to the receiver.
 */
final class PredictedBlock {
  final int[] ids;

  /** Axes [example, member, class]. */
  final float[] probabilities;

  private final ShardStatistics statistics;

  /**
   * Predictions.
   *
   * @param statistics of the images, if these were read for this alone; else null
   */
  PredictedBlock(int[] ids, float[] probabilities, ShardStatistics statistics) {
    this.ids = ids;
    this.probabilities = probabilities;
    this.statistics = statistics;
  }

  List<Quarantined> quarantined() {
    return statistics == null ? List.of() : statistics.quarantined();
  }
}
