package dev.convoy.worker.model;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Text;
import java.io.Serializable;

/**
 * What goes into a network and how many outputs it has.
 *
 * @param height image height in pixels, at least 1
 * @param width image width in pixels, at least 1
 * @param channels colour channels, at least 1 (1 is grey, 3 is RGB)
 * @param classes number of outputs: classes that it tells apart, or numbers that it predicts; at
 *     least 1
 */
public record InputShape(int height, int width, int channels, int classes) implements Serializable {
  /** Checks the ranges. */
  public InputShape {
    if (height < 1 || width < 1 || channels < 1 || classes < 1) {
      throw new IllegalArgumentException(
          "Cannot describe a network's input: expected height, width and channels of at least 1 and"
              + Text.of(
                  " at least 1 output, but got %d × %d × %d and %d outputs",
                  height, width, channels, classes));
    }
  }

  /** Of images of a shape. */
  public static InputShape of(ImageShape image, int classes) {
    return new InputShape(image.height(), image.width(), image.channels(), classes);
  }

  /** The number of values in one image: height × width × channels. */
  public int values() {
    return Math.multiplyExact(Math.multiplyExact(height, width), channels);
  }
}
