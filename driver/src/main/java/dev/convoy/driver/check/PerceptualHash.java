package dev.convoy.driver.check;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.image.Resampling;

/**
 * What tells whether two pictures are copies of each other, of whatever size and compression: a
 * difference hash (Krawetz, "Kind of like that", 2013), by which candidates are found, and a small
 * grey picture, by which they are compared.
 *
 * @param bits whether each of 8 × 8 places is lighter than its right neighbour
 * @param grey 16 × 16 values of mean 0 and norm 1; zeros for a picture of one colour
 */
record PerceptualHash(long bits, float[] grey) {
  /** The largest share of 64 bits in which copies differ after resizing and compression. */
  static final int MOST_BITS = 6;

  /** The smallest correlation of copies. */
  private static final double LEAST_CORRELATION = 0.995;

  private static final int HASH_SIDE = 8;
  private static final int SIDE = 16;

  static PerceptualHash of(Picture picture) {
    return new PerceptualHash(bits(picture), normalised(picture));
  }

  /** Whether one is a copy of the other, as far as small pictures tell. */
  boolean isCopyOf(PerceptualHash other) {
    if (Long.bitCount(bits ^ other.bits) > MOST_BITS) {
      return false;
    }
    double correlation = 0;
    for (int i = 0; i < grey.length; i++) {
      correlation += grey[i] * other.grey[i];
    }
    return correlation >= LEAST_CORRELATION;
  }

  private static long bits(Picture picture) {
    float[] values = grey(picture, HASH_SIDE, HASH_SIDE + 1);
    long bits = 0;
    for (int row = 0; row < HASH_SIDE; row++) {
      for (int column = 0; column < HASH_SIDE; column++) {
        int at = row * (HASH_SIDE + 1) + column;
        bits = bits << 1 | (values[at] > values[at + 1] ? 1 : 0);
      }
    }
    return bits;
  }

  private static float[] normalised(Picture picture) {
    float[] values = grey(picture, SIDE, SIDE);
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    double norm = squares > 0 ? Math.sqrt(squares) : 1;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((values[i] - mean) / norm);
    }
    return values;
  }

  /** The mean of the channels. */
  private static float[] grey(Picture picture, int height, int width) {
    int channels = picture.shape().channels();
    byte[] pixels = Resampling.fit(picture, new ImageShape(height, width, channels)).pixels();
    float[] grey = new float[height * width];
    for (int i = 0; i < pixels.length; i++) {
      grey[i % grey.length] += (float) (pixels[i] & 0xff) / channels;
    }
    return grey;
  }
}
