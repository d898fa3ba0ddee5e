package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.image.Luma;

/** Mixes a picture with itself in grey. A grey picture stays as it is. */
final class Saturation extends Enhancement {
  static final Component<Augmentation> COMPONENT =
      Component.named("saturation", "takes colour from an image, or adds to it")
          .with(STRENGTH, ALWAYS)
          .createdBy(Saturation::new);

  private Saturation(OptionValues options) {
    super(options);
  }

  @Override
  void enhance(Picture picture, float factor) {
    byte[] luma = Luma.of(picture);
    byte[] pixels = picture.pixels();
    for (int from = 0; from < pixels.length; from += luma.length) {
      for (int i = 0; i < luma.length; i++) {
        pixels[from + i] = mix(luma[i] & 0xff, pixels[from + i] & 0xff, factor);
      }
    }
  }
}
