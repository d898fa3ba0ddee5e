package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.image.Luma;
import dev.convoy.data.random.KeyedRandom;

/** Takes the colours away; the picture keeps its three channels. */
final class Grayscale extends OccasionalChange {
  static final Component<Augmentation> COMPONENT =
      Component.named("grayscale", "takes an image's colours away")
          .with(HALF)
          .createdBy(Grayscale::new);

  private Grayscale(OptionValues options) {
    super(options, HALF);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    byte[] pixels = picture.pixels();
    if (picture.shape().channels() == Luma.CHANNELS) {
      byte[] luma = Luma.of(picture);
      for (int channel = 0; channel < Luma.CHANNELS; channel++) {
        System.arraycopy(luma, 0, pixels, channel * luma.length, luma.length);
      }
    }
    return picture;
  }
}
