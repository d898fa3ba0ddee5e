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
      for (int plane = from * shape.channels(); plane < to * shape.channels(); plane++) {
        float[] table = tables[plane % tables.length];
        int start = plane * shape.planeSize();
        int at = into.position();
        if (into.hasArray()) {
          write(values, start, shape.planeSize(), table, into.array(), into.arrayOffset() + at);
        } else {
          write(values, start, shape.planeSize(), table, into, at);
        }
        into.position(at + shape.planeSize());
      }
    }

    /**
     * A loop by itself, which Java compiles better than one in another. What it writes is on its
     * way to memory while it looks up the next.
     */
    private static void write(
        byte[] values, int from, int length, float[] table, float[] into, int at) {
      for (int i = 0; i < length; i++) {
        into[at + i] = table[values[from + i] & 0xff];
      }
    }

    /** The same where the memory is not Java's. */
    private static void write(
        byte[] values, int from, int length, float[] table, FloatBuffer into, int at) {
      for (int i = 0; i < length; i++) {
        into.put(at + i, table[values[from + i] & 0xff]);
      }
    }
  }
}
