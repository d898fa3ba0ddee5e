package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** Leaves few levels of each colour. */
final class Posterize extends OccasionalChange {
  private static final Option<Integer> BITS =
      Option.wholeNumber("bits", 4, 0, 8, "bits of each value that are kept");

  static final Component<Augmentation> COMPONENT =
      Component.named("posterize", "keeps only the upper bits of every value")
          .with(BITS, HALF)
          .createdBy(Posterize::new);

  private final ValueTable table;

  private Posterize(OptionValues options) {
    super(options, HALF);
    this.table = table(options.value(BITS));
  }

  static ValueTable table(int bits) {
    int mask = 0xff << (8 - bits);
    return new ValueTable(value -> value & mask);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    table.apply(picture.pixels());
    return picture;
  }
}
