package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.image.Luma;

/** Mixes a picture with grey of its mean lightness. */
final class Contrast extends Enhancement {
  static final Component<Augmentation> COMPONENT =
      Component.named("contrast", "takes contrast from an image, or adds to it")
          .with(STRENGTH, ALWAYS)
          .createdBy(Contrast::new);

  private Contrast(OptionValues options) {
    super(options);
  }

  @Override
  void enhance(Picture picture, float factor) {
    byte[] luma = Luma.of(picture);
    long sum = 0;
    for (byte value : luma) {
      sum += value & 0xff;
    }
    int mean = (int) ((double) sum / luma.length + 0.5);
    new ValueTable(value -> mix(mean, value, factor)).apply(picture.pixels());
  }
}
