package dev.convoy.data.normalization;

import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.Component;
import dev.convoy.data.shard.ShardStatistics;

/**
 * ImageNet's mean and deviation, as torchvision's reference training has them: for weights that
 * were trained with these.
 */
record ImageNetNormalization() implements PixelNormalization {
  static final Component<PixelNormalization> COMPONENT =
      Component.named("imagenet", "ImageNet's mean and deviation, for colour images")
          .createdBy(options -> new ImageNetNormalization());

  private static final Normalization VALUES =
      Normalization.of(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

  @Override
  public Normalization values(ShardStatistics training) {
    return VALUES;
  }

  @Override
  public boolean fits(int channels) {
    return channels == VALUES.channels();
  }
}
