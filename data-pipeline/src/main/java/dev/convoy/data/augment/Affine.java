package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.Projection;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/**
 * Slants, scales, turns and moves a picture at once, all around its middle, as torchvision's {@code
 * RandomAffine}.
 */
final class Affine extends InterpolatedWarp {
  private static final Option<Double> MAX_DEGREES =
      Option.number(
          "max-degrees",
          10,
          Range.closed(0, 180),
          "largest angle that an image is turned by, to either side");

  private static final Option<Double> MAX_SHARE =
      Option.number(
          "max-share",
          0.1,
          Range.closed(0, 1),
          "largest shift in every direction, as a share of the width, or of the height");

  private static final Option<Double> MIN_FACTOR =
      Option.number("min-factor", 0.9, Range.closed(0.1, 10), "how large what is seen is at least");

  private static final Option<Double> MAX_FACTOR =
      Option.number(
          "max-factor",
          1.1,
          Range.closed(0.1, 10),
          "how large it is at most; below min-factor it is that");

  private static final Option<Double> MAX_X_DEGREES =
      Option.number(
          "max-x-degrees",
          0,
          Range.closedOpen(0, 90),
          "largest angle by which columns lean, to either side");

  private static final Option<Double> MAX_Y_DEGREES =
      Option.number(
          "max-y-degrees",
          0,
          Range.closedOpen(0, 90),
          "largest angle by which rows lean, to either side");

  static final Component<Augmentation> COMPONENT =
      Component.named("affine", "turns, moves, scales and slants an image at once, uniformly")
          .with(MAX_DEGREES, MAX_SHARE, MIN_FACTOR, MAX_FACTOR, MAX_X_DEGREES, MAX_Y_DEGREES)
          .with(INTERPOLATION, PADDING_MODE, ALWAYS)
          .createdBy(Affine::new);

  private final double maxDegrees;
  private final double maxShare;
  private final double minFactor;
  private final double maxFactor;
  private final double maxX;
  private final double maxY;

  private Affine(OptionValues options) {
    super(options, ALWAYS);
    this.maxDegrees = options.value(MAX_DEGREES);
    this.maxShare = options.value(MAX_SHARE);
    this.minFactor = options.value(MIN_FACTOR);
    this.maxFactor = Math.max(minFactor, options.value(MAX_FACTOR));
    this.maxX = options.value(MAX_X_DEGREES);
    this.maxY = options.value(MAX_Y_DEGREES);
  }

  @Override
  Warp mapping(ImageShape picture, KeyedRandom random) {
    double degrees = random.nextDouble(-maxDegrees, maxDegrees);
    double right = maxShare * picture.width() * random.nextDouble(-1, 1);
    double down = maxShare * picture.height() * random.nextDouble(-1, 1);
    double factor = random.nextDouble(minFactor, maxFactor);
    double x = random.nextDouble(-maxX, maxX);
    double y = random.nextDouble(-maxY, maxY);
    return by(picture, degrees, Math.rint(right), Math.rint(down), factor, x, y);
  }

  /**
   * A picture that is slanted, scaled, turned clockwise and moved.
   *
   * @param degrees clockwise
   * @param right pixels that it is moved
   * @param down pixels that it is moved
   * @param factor how many times as large what is seen becomes
   * @param x degrees by which columns lean
   * @param y degrees by which rows lean
   */
  static Warp by(
      ImageShape picture,
      double degrees,
      double right,
      double down,
      double factor,
      double x,
      double y) {
    Projection moved =
        Shear.leaning(x, y)
            .of(Projection.scale(1 / factor, 1 / factor))
            .of(Projection.rotation(-degrees))
            .around(picture.width() / 2.0, picture.height() / 2.0)
            .of(Projection.shift(-right, -down));
    return Warp.of(picture, moved);
  }
}
