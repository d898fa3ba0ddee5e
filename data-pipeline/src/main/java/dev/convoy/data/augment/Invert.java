package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** Turns a picture into its negative. */
final class Invert extends OccasionalChange {
  static final Component<Augmentation> COMPONENT =
      Component.named("invert", "turns every value v into 255 - v")
          .with(HALF)
          .createdBy(Invert::new);

  static final ValueTable NEGATIVE = new ValueTable(value -> 255 - value);

  private Invert(OptionValues options) {
    super(options, HALF);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    NEGATIVE.apply(picture.pixels());
    return picture;
  }
}
