package dev.convoy.data;

import java.io.Serializable;

/**
 * The shape of every image that a run works with. Pixels are laid out channel by channel, then row
 * by row (CHW).
 *
 * @param height rows, 1 to 4096
 * @param width columns, 1 to 4096
 * @param channels 1 (grey) or 3 (red, green, blue)
 */
public record ImageShape(int height, int width, int channels) implements Serializable {
  /** The longest side that is accepted, in pixels. */
  public static final int MAX_SIDE = 4096;

  /** Checks the ranges; throws {@link IllegalArgumentException} when one is left. */
  public ImageShape {
    requireSide("height", height);
    requireSide("width", width);
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "Cannot use an image shape: expected 1 or 3 channels, found " + channels + ".");
    }
  }

  /** Values per image: height × width × channels. */
  public int size() {
    return height * width * channels;
  }

  /** Values per channel: height × width. */
  public int planeSize() {
    return height * width;
  }

  /** Height, width and channels as people write them, for example {@code 32x32x3}. */
  @Override
  public String toString() {
    return height + "x" + width + "x" + channels;
  }

  private static void requireSide(String name, int value) {
    if (value < 1 || value > MAX_SIDE) {
      throw new IllegalArgumentException(
          "Cannot use an image shape: expected a "
              + name
              + " of 1 to "
              + MAX_SIDE
              + ", found "
              + value
              + ".");
    }
  }
}
