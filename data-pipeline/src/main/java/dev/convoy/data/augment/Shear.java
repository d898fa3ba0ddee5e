package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.Projection;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/** Slants a picture around its middle: rows slide along each other, then columns. */
final class Shear extends InterpolatedWarp {
  private static final Option<Double> MAX_X_DEGREES =
      Option.number(
          "max-x-degrees",
          10,
          Range.closedOpen(0, 90),
          "largest angle by which columns lean to either side, drawn uniformly");

  private static final Option<Double> MAX_Y_DEGREES =
      Option.number(
          "max-y-degrees",
          0,
          Range.closedOpen(0, 90),
          "largest angle by which rows lean to either side, drawn uniformly");

  static final Component<Augmentation> COMPONENT =
      Component.named("shear", "slants an image")
          .with(MAX_X_DEGREES, MAX_Y_DEGREES, INTERPOLATION, PADDING_MODE, ALWAYS)
          .createdBy(Shear::new);

  private final double maxX;
  private final double maxY;

  private Shear(OptionValues options) {
    super(options, ALWAYS);
    this.maxX = options.value(MAX_X_DEGREES);
    this.maxY = options.value(MAX_Y_DEGREES);
  }

  @Override
  Warp mapping(ImageShape picture, KeyedRandom random) {
    double x = random.nextDouble(-maxX, maxX);
    double y = random.nextDouble(-maxY, maxY);
    return Warp.of(picture, leaning(x, y).around(picture.width() / 2.0, picture.height() / 2.0));
  }

  /** Columns that lean by {@code x} degrees and rows that lean by {@code y}. */
  static Projection leaning(double x, double y) {
    return projection(StrictMath.tan(Math.toRadians(x)), StrictMath.tan(Math.toRadians(y)));
  }

  /**
   * Rows come from {@code x} pixels further right for every pixel further down, and columns from
   * {@code y} pixels further down for every pixel further right. The top left corner stays, as in
   * AutoAugment.
   */
  static Warp by(ImageShape picture, double x, double y) {
    return Warp.of(picture, projection(x, y));
  }

  private static Projection projection(double x, double y) {
    return Projection.affine(1, x, 0, 0, 1, 0).of(Projection.affine(1, 0, 0, y, 1, 0));
  }
}
