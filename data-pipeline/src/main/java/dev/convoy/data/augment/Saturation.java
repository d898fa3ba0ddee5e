package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;

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
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = mix(luma[i % luma.length] & 0xff, pixels[i] & 0xff, factor);
    }
  }
}
