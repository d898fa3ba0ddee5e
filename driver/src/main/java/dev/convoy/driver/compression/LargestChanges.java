package dev.convoy.driver.compression;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Of every block the values of largest magnitude, of equals the first, in single precision with
 * their places; the others as 0. It is taken block by block rather than of the whole vector, so
 * that blocks are independent of each other.
 *
 * @param share of the values that is sent
 */
record LargestChanges(double share) implements Compression {
  private static final int MAGNITUDE = Integer.MAX_VALUE;

  private static final Option<Double> SHARE =
      Option.number("share", 0.01, Range.openClosed(0, 1), "of the changes that are sent");

  static final Component<Compression> COMPONENT =
      Component.named("top-k", "the largest changes of every 4,096, 6 bytes each")
          .from(
              "Aji and Heafield, Sparse Communication for Distributed Gradient Descent, 2017; Stich,"
                  + " Cordonnier and Jaggi, Sparsified SGD with Memory, 2018")
          .with(SHARE)
          .createdBy(options -> new LargestChanges(options.value(SHARE)));

  private int count(int values) {
    return Math.min(values, (int) Math.ceil(values * share));
  }

  @Override
  public int bytes(int values) {
    return count(values) * (Short.BYTES + Float.BYTES);
  }

  @Override
  public void compress(float[] block, int values, ByteBuffer out) {
    int count = count(values);
    int[] magnitudes = new int[values];
    for (int i = 0; i < values; i++) {
      magnitudes[i] = Float.floatToRawIntBits(block[i]) & MAGNITUDE; // in the order of |value|
    }
    int[] sorted = magnitudes.clone();
    Arrays.sort(sorted);
    int least = sorted[values - count];
    int equals = count - (int) Arrays.stream(sorted).filter(one -> one > least).count();
    for (int i = 0; i < values; i++) {
      if (magnitudes[i] > least || (magnitudes[i] == least && equals-- > 0)) {
        out.putShort((short) i);
        out.putFloat(block[i]);
      }
    }
  }

  @Override
  public void decompress(ByteBuffer in, float[] block, int values) {
    Arrays.fill(block, 0, values, 0f);
    for (int i = count(values); i > 0; i--) {
      int place = in.getShort();
      block[place] = in.getFloat();
    }
  }
}
