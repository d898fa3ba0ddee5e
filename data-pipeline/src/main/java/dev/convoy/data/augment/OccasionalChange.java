package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/** What is done to some pictures, and leaves the others as they are. */
abstract class OccasionalChange implements ImageAugmentation {
  static final Option<Double> HALF =
      Option.probability("probability", 0.5, "how often an image is changed");

  static final Option<Double> ALWAYS =
      Option.probability("probability", 1, "how often an image is changed");

  private final double probability;

  OccasionalChange(OptionValues options, Option<Double> probability) {
    this.probability = options.value(probability);
  }

  @Override
  public final Picture apply(Picture picture, ImageShape input, KeyedRandom random) {
    return random.nextDouble() < probability ? change(picture, random) : picture;
  }

  /** The changed picture; the argument may be changed in place, and returned. */
  abstract Picture change(Picture picture, KeyedRandom random);
}
