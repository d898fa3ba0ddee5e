package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** Mirrors an image left to right with some probability. */
final class HorizontalFlip extends OccasionalChange {
  static final Component<Augmentation> COMPONENT =
      Component.named("horizontal-flip", "mirrors an image left to right")
          .with(HALF)
          .createdBy(HorizontalFlip::new);

  private HorizontalFlip(OptionValues options) {
    super(options, HALF);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
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
