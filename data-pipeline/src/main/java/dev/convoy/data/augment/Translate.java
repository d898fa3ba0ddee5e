package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.Border;
import dev.convoy.data.image.Projection;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/** Moves a picture by whole pixels within its frame. */
final class Translate extends OccasionalWarp {
  private static final Option<Integer> MAX_PIXELS =
      Option.wholeNumber(
          "max-pixels", 4, 0, 4096, "largest shift in every direction, drawn uniformly");

  private static final Option<Double> MAX_SHARE =
      Option.number(
          "max-share",
          0,
          Range.closed(0, 1),
          "share of the width, or of the height, that is added to max-pixels");

  static final Component<Augmentation> COMPONENT =
      Component.named("translate", "moves an image within its frame")
          .with(MAX_PIXELS, MAX_SHARE, InterpolatedWarp.PADDING_MODE, ALWAYS)
          .createdBy(Translate::new);

  private final int maxPixels;
  private final double maxShare;
  private final Border border;

  private Translate(OptionValues options) {
    super(options, ALWAYS);
    this.maxPixels = options.value(MAX_PIXELS);
    this.maxShare = options.value(MAX_SHARE);
    this.border = options.value(InterpolatedWarp.PADDING_MODE);
  }

  @Override
  Warp warp(ImageShape picture, KeyedRandom random) {
    int right = draw(picture.width(), random);
    int down = draw(picture.height(), random);
    return by(picture, right, down).with(border);
  }

  private int draw(int side, KeyedRandom random) {
    int most = maxPixels + (int) (maxShare * side);
    return random.nextInt(2 * most + 1) - most;
  }

  /** A picture moved to the right and down, in pixels; fractions are interpolated. */
  static Warp by(ImageShape picture, double right, double down) {
    return Warp.of(picture, Projection.shift(-right, -down));
  }
}
