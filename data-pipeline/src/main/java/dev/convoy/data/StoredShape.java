package dev.convoy.data;

import java.io.Serializable;

/**
 * In what shape pictures are kept after decoding: all in that of the network's input, or each in
 * its own, so that augmentations see the original's detail. The channels are the input's always.
 *
 * @param input the shape that a network takes
 * @param longestSide pictures keep their own shape, shrunk where a side is longer than this many
 *     pixels; 0 where all are resized to {@code input}
 */
public record StoredShape(ImageShape input, int longestSide) implements Serializable {
  /** Checks the range; throws {@link IllegalArgumentException} when it is left. */
  public StoredShape {
    if (longestSide < 0 || longestSide > ImageShape.MAX_SIDE) {
      throw new IllegalArgumentException(
          "Cannot store pictures: expected a longest side of at most "
              + ImageShape.MAX_SIDE
              + ", or 0, found "
              + longestSide
              + ".");
    }
  }

  /** Every picture is resized to the network's input. */
  public static StoredShape resized(ImageShape input) {
    return new StoredShape(input, 0);
  }

  /** Whether every picture is resized to the network's input. */
  public boolean isResized() {
    return longestSide == 0;
  }

  /** The shape in which a picture of that height and width is kept. */
  public ImageShape of(int height, int width) {
    if (isResized()) {
      return input;
    }
    double scale = Math.min(1, (double) longestSide / Math.max(height, width));
    return new ImageShape(
        Math.max(1, (int) Math.round(scale * height)),
        Math.max(1, (int) Math.round(scale * width)),
        input.channels());
  }

  /** Whether a picture of that shape can be one that is kept. */
  public boolean fits(ImageShape shape) {
    return shape.channels() == input.channels() && of(shape.height(), shape.width()).equals(shape);
  }

  /** Values of the largest picture that is kept. */
  public int largestSize() {
    return isResized() ? input.size() : longestSide * longestSide * input.channels();
  }

  /** Whether pictures kept in the other way are the same, whatever a network takes of them. */
  public boolean keepsTheSameAs(StoredShape other) {
    return longestSide == other.longestSide
        && (isResized() ? input.equals(other.input) : input.channels() == other.input.channels());
  }

  /** As people read it: {@code 32x32x3}, or {@code 3 channels with sides of at most 256}. */
  @Override
  public String toString() {
    return isResized()
        ? input.toString()
        : input.channels() + " channels with sides of at most " + longestSide;
  }
}
