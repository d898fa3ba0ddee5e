package dev.convoy.data.batch;

import dev.convoy.data.ImageShape;
import java.nio.FloatBuffer;

/** The images of a batch, as they come to the place where a network is computed. */
public sealed interface Images {
  /**
   * Writes normalised images, axes [image, channel, row, column].
   *
   * @param from first image
   * @param to image after the last one
   * @param into exactly filled
   */
  void write(int from, int to, FloatBuffer into);

  /** Images that are normalised already. */
  static Images of(float[] values) {
    return new Normalized(values);
  }

  /**
   * Normalised images.
   *
   * @param values axes [image, channel, row, column]; may be longer than needed; not copied
   */
  record Normalized(float[] values) implements Images {
    @Override
    public void write(int from, int to, FloatBuffer into) {
      int each = into.remaining() / (to - from);
      into.put(values, from * each, (to - from) * each);
    }
  }

  /**
   * Images of a byte per value, and how they are to be normalised.
   *
   * @param values axes [image, channel, row, column]; may be longer than needed; not copied
   */
  record Pixels(byte[] values, ImageShape shape, Normalization normalization) implements Images {
    /** Checks that there is a normalisation for every channel. */
    public Pixels {
      if (normalization.channels() != shape.channels()) {
        throw new IllegalArgumentException(
            "Cannot normalise images: expected a normalisation for "
                + shape.channels()
                + " channels, found "
                + normalization.channels()
                + ".");
      }
    }

    @Override
    public void write(int from, int to, FloatBuffer into) {
      float[][] tables = normalization.tables();
      float[] plane = new float[shape.planeSize()];
      for (int start = from * shape.channels(); start < to * shape.channels(); start++) {
        float[] table = tables[start % tables.length];
        int offset = start * plane.length;
        for (int i = 0; i < plane.length; i++) {
          plane[i] = table[values[offset + i] & 0xff];
        }
        into.put(plane);
      }
    }
  }
}
