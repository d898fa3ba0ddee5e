package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.Interpolation;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;
import java.util.List;
import java.util.Optional;

/**
 * Brings pictures to the network's input, whatever their proportions are, or their shorter sides to
 * a length. Nothing is random.
 */
final class Resize implements GeometricAugmentation {
  private static final Option<Optional<Integer>> SIDE =
      Option.optional(
          "side",
          ValueType.wholeNumber(1, ImageShape.MAX_SIDE),
          "pixels of the shorter side, the other in proportion; unset: the input's height and width");

  private static final Option<Interpolation> INTERPOLATION =
      Option.of(
          "interpolation",
          new ValueType.Choice<>(
              List.of(
                  Interpolation.NEAREST,
                  Interpolation.BILINEAR,
                  Interpolation.AREA,
                  Interpolation.BICUBIC),
              ValueType::nameOf),
          "bilinear",
          "how pixels are made: nearest takes one, the others are antialiased");

  static final Component<Augmentation> COMPONENT =
      Component.named("resize", "brings an image to a size")
          .with(SIDE, INTERPOLATION)
          .createdBy(Resize::new);

  private final Optional<Integer> side;
  private final Interpolation interpolation;

  private Resize(OptionValues options) {
    this.side = options.value(SIDE);
    this.interpolation = options.value(INTERPOLATION);
  }

  @Override
  public Warp draw(ImageShape picture, ImageShape input, KeyedRandom random) {
    int height = side.map(shorter -> inProportion(shorter, picture, true)).orElse(input.height());
    int width = side.map(shorter -> inProportion(shorter, picture, false)).orElse(input.width());
    return to(picture, height, width).with(interpolation);
  }

  /** As torchvision rounds, but no longer than a picture may be. */
  private static int inProportion(int shorter, ImageShape picture, boolean height) {
    int own = height ? picture.height() : picture.width();
    long scaled = (long) shorter * own / Math.min(picture.height(), picture.width());
    return (int) Math.min(ImageShape.MAX_SIDE, scaled);
  }

  /** All of a picture at another size. */
  static Warp to(ImageShape picture, int height, int width) {
    return Warp.resize(CropBox.whole(picture), height, width);
  }
}
