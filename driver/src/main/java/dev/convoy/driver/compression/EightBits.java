package dev.convoy.driver.compression;

import dev.convoy.data.component.Component;
import java.nio.ByteBuffer;

/**
 * Multiples of a step, from −127 to 127, where every group of 256 values has a step of its own: its
 * largest magnitude / 127. So a value is within half a step.
 */
record EightBits() implements Compression {
  static final int GROUP = 256;
  private static final int LARGEST = 127;

  static final Component<Compression> COMPONENT =
      Component.named("8-bit", "changes in 255 steps, 1 byte each and 4 for every 256")
          .from(
              "Dettmers, 8-Bit Approximations for Parallelism in Deep Learning, 2016; error feedback"
                  + " as Seide et al., 1-Bit Stochastic Gradient Descent, 2014")
          .createdBy(options -> new EightBits());

  @Override
  public int bytes(int values) {
    return values + -Math.floorDiv(-values, GROUP) * Float.BYTES;
  }

  @Override
  public void compress(float[] block, int values, ByteBuffer out) {
    for (int from = 0; from < values; from += GROUP) {
      int to = Math.min(values, from + GROUP);
      float largest = 0;
      for (int i = from; i < to; i++) {
        largest = Math.max(largest, Math.abs(block[i])); // NaN, if there is one
      }
      // Where the step would be 0 although the values are not, they are left out.
      float step = largest / LARGEST;
      out.putFloat(step);
      for (int i = from; i < to; i++) {
        out.put((byte) (step > 0 ? Math.rint((double) block[i] / step) : 0));
      }
    }
  }

  @Override
  public void decompress(ByteBuffer in, float[] block, int values) {
    for (int from = 0; from < values; from += GROUP) {
      int to = Math.min(values, from + GROUP);
      float step = in.getFloat();
      for (int i = from; i < to; i++) {
        block[i] = step * in.get();
      }
    }
  }
}
