package dev.convoy.data.normalization;

import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.Family;
import dev.convoy.data.shard.ShardStatistics;
import java.util.List;

/** A way to normalise pixel values. Immutable; equal if the results are. */
public interface PixelNormalization {
  /** Every way. A new one is its own file and one more line here. */
  Family<PixelNormalization> FAMILY =
      Family.of(
          "pixel normalization",
          List.of(
              TrainingSetNormalization.COMPONENT,
              NoNormalization.COMPONENT,
              ImageNetNormalization.COMPONENT,
              FixedNormalization.COMPONENT));

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
