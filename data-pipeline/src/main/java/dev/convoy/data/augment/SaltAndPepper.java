package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** Makes some pixels white and as many black, in all channels. */
final class SaltAndPepper extends OccasionalChange {
  private static final Option<Double> SHARE =
      Option.probability("share", 0.02, "of the pixels that become white or black");

  static final Component<Augmentation> COMPONENT =
      Component.named("salt-and-pepper", "makes single pixels white or black")
          .with(SHARE, ALWAYS)
          .createdBy(SaltAndPepper::new);

  private final double share;

  private SaltAndPepper(OptionValues options) {
    super(options, ALWAYS);
    this.share = options.value(SHARE);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    ImageShape shape = picture.shape();
    for (int i = 0; i < shape.planeSize(); i++) {
      double drawn = random.nextDouble();
      if (drawn < share) {
        byte colour = (byte) (drawn < share / 2 ? 255 : 0);
        for (int channel = 0; channel < shape.channels(); channel++) {
          picture.pixels()[channel * shape.planeSize() + i] = colour;
        }
      }
    }
    return picture;
  }
}
