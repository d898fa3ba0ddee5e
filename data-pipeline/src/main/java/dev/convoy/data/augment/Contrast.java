package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.image.Luma;

/** Mixes a picture with grey of its mean lightness. */
final class Contrast {
  static final Component<Augmentation> COMPONENT =
      Component.named("contrast", "takes contrast from an image, or adds to it")
          .with(Enhancement.STRENGTH, OccasionalChange.ALWAYS)
          .createdBy(options -> new Enhancement(options, Contrast::enhance));

  private Contrast() {}

  /** Changes a picture in place; see {@link Enhancement}. */
  static void enhance(Picture picture, float factor) {
    byte[] luma = Luma.of(picture);
    long sum = 0;
    for (byte value : luma) {
      sum += value & 0xff;
    }
    int mean = (int) ((double) sum / luma.length + 0.5);
    new ValueTable(value -> Enhancement.mix(mean, value, factor)).apply(picture.pixels());
  }
}
