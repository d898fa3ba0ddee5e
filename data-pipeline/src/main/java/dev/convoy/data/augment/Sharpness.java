package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;

/**
 * Mixes a picture with itself smoothed by a kernel of 3 x 3 with the weights 1 around 5. The pixels
 * at its border stay as they are.
 */
final class Sharpness {
  static final Component<Augmentation> COMPONENT =
      Component.named("sharpness", "blurs an image, or sharpens it")
          .with(Enhancement.STRENGTH, OccasionalChange.ALWAYS)
          .createdBy(options -> new Enhancement(options, Sharpness::enhance));

  /** Of the kernel, in all. */
  private static final int WEIGHTS = 13;

  private Sharpness() {}

  /** Changes a picture in place; see {@link Enhancement}. */
  static void enhance(Picture picture, float factor) {
    byte[] pixels = picture.pixels();
    byte[] before = pixels.clone();
    int width = picture.shape().width();
    int height = picture.shape().height();
    for (int row = 0; row < picture.shape().channels() * height; row++) {
      if (row % height == 0 || row % height == height - 1) {
        continue;
      }
      for (int i = row * width + 1; i < (row + 1) * width - 1; i++) {
        pixels[i] = Enhancement.mix(smooth(before, i, width), before[i] & 0xff, factor);
      }
    }
  }

  private static int smooth(byte[] pixels, int at, int width) {
    int sum = 4 * (pixels[at] & 0xff);
    for (int row = at - width; row <= at + width; row += width) {
      sum += (pixels[row - 1] & 0xff) + (pixels[row] & 0xff) + (pixels[row + 1] & 0xff);
    }
    return (2 * sum + WEIGHTS) / (2 * WEIGHTS); // rounded to the nearest
  }
}
