package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** Mirrors an image left to right with some probability. */
final class HorizontalFlip implements ImageAugmentation {
  private static final Option<Double> PROBABILITY =
      Option.probability("probability", 0.5, "how often an image is mirrored");

  static final Component<Augmentation> COMPONENT =
      Component.named("horizontal-flip", "mirrors an image left to right")
          .with(PROBABILITY)
          .createdBy(HorizontalFlip::new);

  private final double probability;

  private HorizontalFlip(OptionValues options) {
    this.probability = options.value(PROBABILITY);
  }

  @Override
  public Picture apply(Picture picture, ImageShape input, KeyedRandom random) {
    if (random.nextDouble() >= probability) {
      return picture;
    }
    byte[] pixels = picture.pixels();
    int width = picture.shape().width();
    for (int row = 0; row < pixels.length; row += width) {
      for (int left = row, right = row + width - 1; left < right; left++, right--) {
        byte kept = pixels[left];
        pixels[left] = pixels[right];
        pixels[right] = kept;
      }
    }
    return picture;
  }
}
