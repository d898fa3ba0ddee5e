package dev.convoy.data.normalization;

import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.Component;
import dev.convoy.data.shard.ShardStatistics;

/** Mean and deviation of the training images, which were summed up when they were packed. */
record TrainingSetNormalization() implements PixelNormalization {
  static final Component<PixelNormalization> COMPONENT =
      Component.named("auto", "mean and deviation of the training images, per channel")
          .createdBy(options -> new TrainingSetNormalization());

  @Override
  public Normalization values(ShardStatistics training) {
    return Normalization.of(training);
  }
}
