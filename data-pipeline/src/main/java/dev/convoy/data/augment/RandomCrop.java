package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.random.KeyedRandom;
import java.util.Arrays;

/**
 * Adds zero pixels on every side and crops back to the old size at a random place: a shift by up to
 * {@code padding} pixels in both directions, with zeros moving in.
 */
final class RandomCrop implements ImageAugmentation {
  private static final Option<Integer> PADDING =
      Option.wholeNumber("padding", 4, 0, 64, "zero pixels added on every side before cropping");

  static final Component<Augmentation> COMPONENT =
      Component.named("random-crop", "pads an image, then crops it back at a random place")
          .with(PADDING)
          .createdBy(RandomCrop::new);

  private final int padding;

  private RandomCrop(OptionValues options) {
    this.padding = options.value(PADDING);
  }

  @Override
  public void apply(byte[] pixels, ImageShape shape, KeyedRandom random) {
    int down = random.nextInt(2 * padding + 1) - padding;
    int right = random.nextInt(2 * padding + 1) - padding;
    for (int channel = 0; channel < shape.channels(); channel++) {
      shift(pixels, channel * shape.planeSize(), shape, down, right);
    }
  }

  /** Moves the window's contents: new (y, x) is old (y + down, x + right), or zero outside. */
  private static void shift(byte[] pixels, int plane, ImageShape shape, int down, int right) {
    int height = shape.height();
    int width = shape.width();
    for (int step = 0; step < height; step++) {
      // Rows are overwritten only after they have been read.
      int y = down >= 0 ? step : height - 1 - step;
      int target = plane + y * width;
      int sourceY = y + down;
      if (sourceY < 0 || sourceY >= height || Math.abs(right) >= width) {
        Arrays.fill(pixels, target, target + width, (byte) 0);
        continue;
      }
      int source = plane + sourceY * width;
      int kept = width - Math.abs(right);
      if (right >= 0) {
        System.arraycopy(pixels, source + right, pixels, target, kept);
        Arrays.fill(pixels, target + kept, target + width, (byte) 0);
      } else {
        System.arraycopy(pixels, source, pixels, target - right, kept);
        Arrays.fill(pixels, target, target - right, (byte) 0);
      }
    }
  }
}
