package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;
import java.util.Optional;

/**
 * Cuts the middle out of a picture; a picture that is smaller gets zeros around it. Nothing is
 * random.
 */
final class CenterCrop implements GeometricAugmentation {
  private static final Option<Optional<Integer>> SIDE =
      Option.optional(
          "side",
          ValueType.wholeNumber(1, ImageShape.MAX_SIDE),
          "height and width of the part in pixels; unset: the input's");

  static final Component<Augmentation> COMPONENT =
      Component.named("center-crop", "cuts the middle out of an image")
          .with(SIDE)
          .createdBy(CenterCrop::new);

  private final Optional<Integer> side;

  private CenterCrop(OptionValues options) {
    this.side = options.value(SIDE);
  }

  @Override
  public Warp draw(ImageShape picture, ImageShape input, KeyedRandom random) {
    return to(picture, side.orElse(input.height()), side.orElse(input.width()));
  }

  /** The middle of a picture, placed where torchvision places it. */
  static Warp to(ImageShape picture, int height, int width) {
    return Warp.cut(
        new CropBox(
            before(picture.height(), height), before(picture.width(), width), height, width));
  }

  private static int before(int whole, int part) {
    return part > whole ? -((part - whole) / 2) : (int) Math.rint((whole - part) / 2.0);
  }
}
