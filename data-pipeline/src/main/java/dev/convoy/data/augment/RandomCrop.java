package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.image.Border;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/**
 * Adds pixels on every side, zeros by default, and crops to the network's input at a random place.
 * Of a picture that has that size, it is a shift by up to {@code padding} pixels in both
 * directions, with zeros moving in; of a larger one, a part without any resizing.
 */
final class RandomCrop implements GeometricAugmentation {
  private static final Option<Integer> PADDING =
      Option.wholeNumber("padding", 4, 0, 64, "pixels added on every side before cropping");

  static final Component<Augmentation> COMPONENT =
      Component.named("random-crop", "pads an image, then crops it to the input at a random place")
          .with(PADDING, InterpolatedWarp.PADDING_MODE)
          .createdBy(RandomCrop::new);

  private final int padding;
  private final Border border;

  private RandomCrop(OptionValues options) {
    this.padding = options.value(PADDING);
    this.border = options.value(InterpolatedWarp.PADDING_MODE);
  }

  @Override
  public Warp draw(ImageShape picture, ImageShape input, KeyedRandom random) {
    int paddedHeight = picture.height() + 2 * padding;
    int paddedWidth = picture.width() + 2 * padding;
    int height = Math.min(input.height(), paddedHeight);
    int width = Math.min(input.width(), paddedWidth);
    int top = random.nextInt(paddedHeight - height + 1) - padding;
    int left = random.nextInt(paddedWidth - width + 1) - padding;
    return Warp.cut(new CropBox(top, left, height, width)).with(border);
  }
}
