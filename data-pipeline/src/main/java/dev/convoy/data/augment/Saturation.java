package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.image.Luma;

/** Mixes a picture with itself in grey. A grey picture stays as it is. */
final class Saturation {
  static final Component<Augmentation> COMPONENT =
      Component.named("saturation", "takes colour from an image, or adds to it")
          .with(Enhancement.STRENGTH, OccasionalChange.ALWAYS)
          .createdBy(options -> new Enhancement(options, Saturation::enhance));

  private Saturation() {}

  /** Changes a picture in place; see {@link Enhancement}. */
  static void enhance(Picture picture, float factor) {
    byte[] luma = Luma.of(picture);
    byte[] pixels = picture.pixels();
    for (int from = 0; from < pixels.length; from += luma.length) {
      for (int i = 0; i < luma.length; i++) {
        pixels[from + i] = Enhancement.mix(luma[i] & 0xff, pixels[from + i] & 0xff, factor);
      }
    }
  }
}
