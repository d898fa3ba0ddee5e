package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.Projection;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/** Turns a picture around its middle. */
final class Rotate extends InterpolatedWarp {
  private static final Option<Double> MAX_DEGREES =
      Option.number(
          "max-degrees", 15, Range.closed(0, 180), "largest angle to either side, drawn uniformly");

  static final Component<Augmentation> COMPONENT =
      Component.named("rotate", "turns an image around its middle")
          .with(MAX_DEGREES, INTERPOLATION, PADDING_MODE, ALWAYS)
          .createdBy(Rotate::new);

  private final double maxDegrees;

  private Rotate(OptionValues options) {
    super(options, ALWAYS);
    this.maxDegrees = options.value(MAX_DEGREES);
  }

  @Override
  Warp mapping(ImageShape picture, KeyedRandom random) {
    return by(picture, random.nextDouble(-maxDegrees, maxDegrees));
  }

  /** A picture turned counter-clockwise, within its own frame. */
  static Warp by(ImageShape picture, double degrees) {
    return Warp.of(
        picture,
        Projection.rotation(degrees).around(picture.width() / 2.0, picture.height() / 2.0));
  }
}
