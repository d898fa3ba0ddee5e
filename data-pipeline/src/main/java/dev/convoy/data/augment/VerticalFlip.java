package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** Mirrors an image top to bottom with some probability. */
final class VerticalFlip extends OccasionalChange {
  static final Component<Augmentation> COMPONENT =
      Component.named("vertical-flip", "mirrors an image top to bottom")
          .with(HALF)
          .createdBy(VerticalFlip::new);

  private VerticalFlip(OptionValues options) {
    super(options, HALF);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    byte[] pixels = picture.pixels();
    int width = picture.shape().width();
    int plane = picture.shape().planeSize();
    byte[] kept = new byte[width];
    for (int start = 0; start < pixels.length; start += plane) {
      for (int top = start, bottom = start + plane - width; top < bottom; top += width) {
        System.arraycopy(pixels, top, kept, 0, width);
        System.arraycopy(pixels, bottom, pixels, top, width);
        System.arraycopy(kept, 0, pixels, bottom, width);
        bottom -= width;
      }
    }
    return picture;
  }
}
