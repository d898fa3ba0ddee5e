package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.Projection;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/** Makes what is seen larger or smaller around the middle of a picture, within its frame. */
final class RandomScale extends InterpolatedWarp {
  private static final Option<Double> MIN_FACTOR =
      Option.number("min-factor", 0.8, Range.closed(0.1, 10), "how large what is seen is at least");

  private static final Option<Double> MAX_FACTOR =
      Option.number(
          "max-factor",
          1.2,
          Range.closed(0.1, 10),
          "how large it is at most, drawn uniformly; below min-factor it is that");

  static final Component<Augmentation> COMPONENT =
      Component.named("scale", "makes what an image shows larger or smaller")
          .with(MIN_FACTOR, MAX_FACTOR, INTERPOLATION, PADDING_MODE, ALWAYS)
          .createdBy(RandomScale::new);

  private final double min;
  private final double max;

  private RandomScale(OptionValues options) {
    super(options, ALWAYS);
    this.min = options.value(MIN_FACTOR);
    this.max = Math.max(min, options.value(MAX_FACTOR));
  }

  @Override
  Warp mapping(ImageShape picture, KeyedRandom random) {
    return by(picture, random.nextDouble(min, max));
  }

  /** A picture of which everything is so many times as large. */
  static Warp by(ImageShape picture, double factor) {
    return Warp.of(
        picture,
        Projection.scale(1 / factor, 1 / factor)
            .around(picture.width() / 2.0, picture.height() / 2.0));
  }
}
