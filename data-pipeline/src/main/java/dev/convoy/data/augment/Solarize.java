package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** Inverts what is light. */
final class Solarize extends OccasionalChange {
  private static final Option<Integer> THRESHOLD =
      Option.wholeNumber("threshold", 128, 0, 256, "the least value that is inverted");

  static final Component<Augmentation> COMPONENT =
      Component.named("solarize", "inverts the values from a threshold up")
          .with(THRESHOLD, HALF)
          .createdBy(Solarize::new);

  private final ValueTable table;

  private Solarize(OptionValues options) {
    super(options, HALF);
    this.table = table(options.value(THRESHOLD));
  }

  static ValueTable table(int threshold) {
    return new ValueTable(value -> value < threshold ? value : 255 - value);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    table.apply(picture.pixels());
    return picture;
  }
}
