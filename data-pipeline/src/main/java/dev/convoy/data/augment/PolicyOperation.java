package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.image.Interpolation;
import dev.convoy.data.image.LazyPicture;
import dev.convoy.data.image.Projection;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ToDoubleBiFunction;

/**
 * What policies choose among: operations that one number, the magnitude, describes. All of them and
 * their magnitudes are those of torchvision's policies. A new one is a constant here, the last one.
 */
@SuppressWarnings("ImmutableEnumChecker") // functions without a state, which the check cannot see
enum PolicyOperation {
  IDENTITY(Strength.NONE, (picture, magnitude, interpolation) -> {}),

  /** Shifts every row by {@code magnitude} pixels against the one above. */
  SHEAR_X(
      Strength.signed((ranges, shape) -> ranges.shear()),
      moved((shape, magnitude) -> Projection.affine(1, magnitude, 0, 0, 1, 0))),

  /** Shifts every column by {@code magnitude} pixels against the one to the left. */
  SHEAR_Y(
      Strength.signed((ranges, shape) -> ranges.shear()),
      moved((shape, magnitude) -> Projection.affine(1, 0, 0, magnitude, 1, 0))),

  /** Shifts to the right, by whole pixels. */
  TRANSLATE_X(
      Strength.signed((ranges, shape) -> ranges.shift(shape.width())),
      moved((shape, magnitude) -> Projection.shift(-magnitude.intValue(), 0))),

  /** Shifts down, by whole pixels. */
  TRANSLATE_Y(
      Strength.signed((ranges, shape) -> ranges.shift(shape.height())),
      moved((shape, magnitude) -> Projection.shift(0, -magnitude.intValue()))),

  /** Turns counter-clockwise around the middle, by degrees. */
  ROTATE(
      Strength.signed((ranges, shape) -> ranges.degrees()),
      moved(
          (shape, magnitude) ->
              Projection.rotation(magnitude).around(shape.width() / 2.0, shape.height() / 2.0))),

  BRIGHTNESS(Strength.OF_FACTORS, enhanced(Brightness::enhance)),
  COLOR(Strength.OF_FACTORS, enhanced(Saturation::enhance)),
  CONTRAST(Strength.OF_FACTORS, enhanced(Contrast::enhance)),
  SHARPNESS(Strength.OF_FACTORS, enhanced(Sharpness::enhance)),

  /** The magnitude is the number of bits that are kept. */
  POSTERIZE(
      Strength.unsigned(
          (level, ranges) -> ranges.mostBits() - Math.rint(level.of(ranges.lostBits()))),
      recoloured((picture, magnitude) -> Posterize.table((int) magnitude).apply(picture.pixels()))),

  /** The magnitude is the threshold. */
  SOLARIZE(
      Strength.unsigned((level, ranges) -> 255 - level.of(255)),
      recoloured(
          (picture, magnitude) ->
              Solarize.table((int) Math.ceil(magnitude)).apply(picture.pixels()))),

  AUTOCONTRAST(
      Strength.NONE,
      recoloured(
          (picture, magnitude) -> ChannelwiseChange.apply(picture, AutomaticContrast::stretch))),

  EQUALIZE(
      Strength.NONE,
      recoloured((picture, magnitude) -> ChannelwiseChange.apply(picture, Equalize::spread))),

  INVERT(
      Strength.NONE, recoloured((picture, magnitude) -> Invert.NEGATIVE.apply(picture.pixels())));

  /** What RandAugment and TrivialAugment choose among. */
  static final List<PolicyOperation> OF_RANDOM_POLICIES = range(IDENTITY, EQUALIZE);

  /** What AugMix chooses among. */
  static final List<PolicyOperation> OF_AUGMIX = range(SHEAR_X, EQUALIZE);

  private final Strength strength;
  private final Change change;

  PolicyOperation(Strength strength, Change change) {
    this.strength = strength;
    this.change = change;
  }

  private static List<PolicyOperation> range(PolicyOperation first, PolicyOperation last) {
    return List.copyOf(EnumSet.range(first, last));
  }

  /** This operation at one level of a policy's ranges, in a random direction if it has two. */
  PolicyStep draw(MagnitudeLevel level, PolicyRanges ranges, ImageShape shape, KeyedRandom random) {
    double magnitude = strength.scale().at(level, ranges, shape);
    boolean isNegative = strength.isSigned() && random.nextBoolean();
    return new PolicyStep(this, isNegative ? -magnitude : magnitude);
  }

  /** Changes a picture. */
  void apply(LazyPicture picture, double magnitude, Interpolation interpolation) {
    change.apply(picture, magnitude, interpolation);
  }

  /** What an operation does to a picture. */
  @FunctionalInterface
  private interface Change {
    void apply(LazyPicture picture, double magnitude, Interpolation interpolation);
  }

  private static Change moved(BiFunction<ImageShape, Double, Projection> mapping) {
    return (picture, magnitude, interpolation) ->
        picture.warp(
            Warp.of(picture.shape(), mapping.apply(picture.shape(), magnitude))
                .with(interpolation));
  }

  private static Change recoloured(ObjDoubleConsumer<Picture> colours) {
    return (picture, magnitude, interpolation) ->
        picture.change(
            pixels -> {
              colours.accept(pixels, magnitude);
              return pixels;
            });
  }

  private static Change enhanced(Enhancement.ByFactor enhancement) {
    return recoloured(
        (picture, magnitude) -> enhancement.enhance(picture, (float) (1 + magnitude)));
  }

  /**
   * How a magnitude follows from a level.
   *
   * @param isSigned whether there are two directions
   * @param scale gives the magnitude of the positive one
   */
  private record Strength(boolean isSigned, Scale scale) {
    static final Strength NONE = new Strength(false, (level, ranges, shape) -> 0);
    static final Strength OF_FACTORS = signed((ranges, shape) -> ranges.factor());

    static Strength signed(ToDoubleBiFunction<PolicyRanges, ImageShape> strongest) {
      return new Strength(
          true, (level, ranges, shape) -> level.of(strongest.applyAsDouble(ranges, shape)));
    }

    static Strength unsigned(ToDoubleBiFunction<MagnitudeLevel, PolicyRanges> scale) {
      return new Strength(false, (level, ranges, shape) -> scale.applyAsDouble(level, ranges));
    }
  }

  /** The magnitude at a level of a policy's ranges, for pictures of a shape. */
  @FunctionalInterface
  private interface Scale {
    double at(MagnitudeLevel level, PolicyRanges ranges, ImageShape shape);
  }
}
