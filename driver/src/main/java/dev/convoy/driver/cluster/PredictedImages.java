package dev.convoy.driver.cluster;

import dev.convoy.data.shard.ShardStatistics;

/**
 * What members say of images, and which of these could not be read. A plain class, because it
 * crosses the wire.
 */
final class PredictedImages {
  private final PredictedBlock block;
  private final ShardStatistics statistics;

  PredictedImages(PredictedBlock block, ShardStatistics statistics) {
    this.block = block;
    this.statistics = statistics;
  }

  PredictedBlock block() {
    return block;
  }

  ShardStatistics statistics() {
    return statistics;
  }
}
