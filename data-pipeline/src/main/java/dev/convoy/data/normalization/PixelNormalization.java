package dev.convoy.data.normalization;

import dev.convoy.data.batch.Normalization;
import dev.convoy.data.shard.ShardStatistics;

/** A way to normalise pixel values. Immutable; equal if the results are. */
public interface PixelNormalization {
  /**
   * Mean and deviation of every channel.
   *
   * @param training statistics of the training images
   */
  Normalization values(ShardStatistics training);

  /** Whether it is for images of that many channels. */
  default boolean fits(int channels) {
    return true;
  }
}
