package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;

/**
 * Adds zero pixels on every side and crops to the network's input at a random place. Of a picture
 * that has that size, it is a shift by up to {@code padding} pixels in both directions, with zeros
 * moving in; of a larger one, a part without any resizing.
 */
final class RandomCrop implements ImageAugmentation {
  private static final Option<Integer> PADDING =
      Option.wholeNumber("padding", 4, 0, 64, "zero pixels added on every side before cropping");

  static final Component<Augmentation> COMPONENT =
      Component.named("random-crop", "pads an image, then crops it to the input at a random place")
          .with(PADDING)
          .createdBy(RandomCrop::new);

  private final int padding;

  private RandomCrop(OptionValues options) {
    this.padding = options.value(PADDING);
  }

  @Override
  public Picture apply(Picture picture, ImageShape input, KeyedRandom random) {
    ImageShape shape = picture.shape();
    ImageShape cropped =
        new ImageShape(
            Math.min(input.height(), shape.height() + 2 * padding),
            Math.min(input.width(), shape.width() + 2 * padding),
            shape.channels());
    int top = random.nextInt(shape.height() + 2 * padding - cropped.height() + 1) - padding;
    int left = random.nextInt(shape.width() + 2 * padding - cropped.width() + 1) - padding;
    byte[] pixels = new byte[cropped.size()];
    int from = Math.max(0, -left);
    int to = Math.min(cropped.width(), shape.width() - left);
    for (int row = 0; row < cropped.channels() * cropped.height(); row++) {
      int channel = row / cropped.height();
      int y = row % cropped.height() + top;
      if (y >= 0 && y < shape.height() && from < to) {
        int source = (channel * shape.height() + y) * shape.width() + left + from;
        System.arraycopy(picture.pixels(), source, pixels, row * cropped.width() + from, to - from);
      }
    }
    return new Picture(cropped, pixels);
  }
}
