package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.random.KeyedRandom;

/**
 * Mixes a picture with one that lacks something: lightness, contrast, colour, detail. With a factor
 * of 0 all of it is lacking, 1 is the picture itself, and above that it has more of it. As Pillow's
 * {@code ImageEnhance} computes it.
 */
final class Enhancement extends OccasionalChange {
  static final Option<Double> STRENGTH =
      Option.number(
          "strength",
          0.4,
          Range.closed(0, 10),
          "factors are drawn uniformly from 1 - strength, at least 0, to 1 + strength");

  private final double strength;
  private final ByFactor change;

  /** Changes a picture in place, by a factor. */
  @FunctionalInterface
  interface ByFactor {
    void enhance(Picture picture, float factor);
  }

  Enhancement(OptionValues options, ByFactor change) {
    super(options, ALWAYS);
    this.strength = options.value(STRENGTH);
    this.change = change;
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    enhance(picture, factor(strength, random));
    return picture;
  }

  void enhance(Picture picture, float factor) {
    change.enhance(picture, factor);
  }

  /** Draws a factor around 1. */
  static float factor(double strength, KeyedRandom random) {
    return (float) random.nextDouble(Math.max(0, 1 - strength), 1 + strength);
  }

  /** A value between (or beyond) what lacks something and what is there, cut off at 0 and 255. */
  static byte mix(int lacking, int value, float factor) {
    int mixed = (int) (lacking + factor * (value - lacking));
    return (byte) Math.max(0, Math.min(255, mixed));
  }
}
