package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/** A change to where things are in some pictures, which leaves the others as they are. */
abstract class OccasionalWarp implements GeometricAugmentation {
  static final Option<Double> HALF = OccasionalChange.HALF;
  static final Option<Double> ALWAYS = OccasionalChange.ALWAYS;

  private final double probability;

  OccasionalWarp(OptionValues options, Option<Double> probability) {
    this.probability = options.value(probability);
  }

  @Override
  public final Warp draw(ImageShape picture, ImageShape input, KeyedRandom random) {
    return random.nextDouble() < probability ? warp(picture, random) : Warp.none(picture);
  }

  /** Draws a change to a picture of that shape. */
  abstract Warp warp(ImageShape picture, KeyedRandom random);
}
