package dev.convoy.data.normalization;

import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.Component;
import dev.convoy.data.shard.ShardStatistics;

/** Values from 0 to 1. */
record NoNormalization() implements PixelNormalization {
  static final Component<PixelNormalization> COMPONENT =
      Component.named("none", "values from 0 to 1").createdBy(options -> new NoNormalization());

  @Override
  public Normalization values(ShardStatistics training) {
    return Normalization.identity(training.channels().values().size());
  }
}
