package dev.convoy.driver.compression;

import dev.convoy.data.component.Component;
import java.nio.ByteBuffer;

/**
 * The nearest bfloat16, ties to the even one: the first 16 bits of a float, within 2⁻⁸ of its
 * magnitude.
 */
record Bfloat16() implements Compression {
  private static final int HALF_BELOW = 0x7FFF;
  private static final int QUIET = 0x40;

  static final Component<Compression> COMPONENT =
      Component.named("bfloat16", "changes as bfloat16, 2 bytes each")
          .from(
              "Kalamkar et al., A Study of BFLOAT16 for Deep Learning Training, 2019; error feedback"
                  + " as Seide et al., 1-Bit Stochastic Gradient Descent, 2014")
          .createdBy(options -> new Bfloat16());

  @Override
  public int bytes(int values) {
    return values * Short.BYTES;
  }

  @Override
  public void compress(float[] block, int values, ByteBuffer out) {
    for (int i = 0; i < values; i++) {
      int bits = Float.floatToRawIntBits(block[i]);
      int rounded =
          Float.isNaN(block[i])
              ? bits >>> Short.SIZE | QUIET
              : (bits + HALF_BELOW + (bits >>> Short.SIZE & 1)) >>> Short.SIZE;
      out.putShort((short) rounded);
    }
  }

  @Override
  public void decompress(ByteBuffer in, float[] block, int values) {
    for (int i = 0; i < values; i++) {
      block[i] = Float.intBitsToFloat(in.getShort() << Short.SIZE);
    }
  }
}
