package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.image.Border;
import dev.convoy.data.image.Interpolation;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;
import java.util.List;

/** A change by which pixels come to lie between those of the picture. */
abstract class InterpolatedWarp extends OccasionalWarp {
  static final Option<Interpolation> INTERPOLATION =
      Option.of(
          "interpolation",
          new ValueType.Choice<>(
              List.of(Interpolation.NEAREST, Interpolation.BILINEAR, Interpolation.PLAIN_BILINEAR),
              ValueType::nameOf),
          "bilinear",
          "how pixels are made: bilinear is antialiased where the picture shrinks, plain-bilinear is"
              + " not");

  static final Option<Border> PADDING_MODE =
      Option.choice(
          "padding-mode",
          Border.ZERO,
          ValueType::nameOf,
          "what is seen beyond the picture: zeros, its mirror image or its outermost pixels");

  private final Interpolation interpolation;
  private final Border border;

  InterpolatedWarp(OptionValues options, Option<Double> probability) {
    super(options, probability);
    this.interpolation = options.value(INTERPOLATION);
    this.border = options.value(PADDING_MODE);
  }

  @Override
  final Warp warp(ImageShape picture, KeyedRandom random) {
    return mapping(picture, random).with(interpolation).with(border);
  }

  /** Draws a change, whatever its interpolation and border. */
  abstract Warp mapping(ImageShape picture, KeyedRandom random);
}
