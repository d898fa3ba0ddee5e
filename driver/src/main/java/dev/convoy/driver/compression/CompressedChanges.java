package dev.convoy.driver.compression;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Changes in blocks. */
public final class CompressedChanges {
  private CompressedChanges() {}

  /**
   * Compresses.
   *
   * @param changes what is to be sent; becomes what was left out of it
   * @param from the first value, a multiple of {@link Compression#BLOCK}
   * @param to the value after the last: another one, or the end
   * @param others sent after them as they are
   */
  public static byte[] compress(
      Compression compression, float[] changes, int from, int to, float[] others) {
    int compressed = bytes(compression, to - from);
    ByteBuffer out =
        ByteBuffer.allocate(Math.addExact(compressed, others.length * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    float[] block = new float[Compression.BLOCK];
    float[] sent = new float[Compression.BLOCK];
    for (int begin = from; begin < to; begin += Compression.BLOCK) {
      int values = Math.min(Compression.BLOCK, to - begin);
      System.arraycopy(changes, begin, block, 0, values);
      int position = out.position();
      compression.compress(block, values, out);
      ByteBuffer written = out.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(position);
      compression.decompress(written, sent, values);
      for (int i = 0; i < values; i++) {
        changes[begin + i] = block[i] - sent[i];
      }
    }
    out.asFloatBuffer().put(others);
    return out.array();
  }

  /**
   * Decompresses.
   *
   * @param bytes of {@link #compress}
   * @param changes receives them
   * @param others receives what was sent after them
   */
  public static void decompress(
      Compression compression, byte[] bytes, float[] changes, float[] others) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] block = new float[Compression.BLOCK];
    for (int begin = 0; begin < changes.length; begin += Compression.BLOCK) {
      int length = Math.min(Compression.BLOCK, changes.length - begin);
      compression.decompress(in, block, length);
      System.arraycopy(block, 0, changes, begin, length);
    }
    in.asFloatBuffer().get(others);
  }

  private static int bytes(Compression compression, int values) {
    int whole = values / Compression.BLOCK;
    int rest = values % Compression.BLOCK;
    return Math.addExact(
        Math.multiplyExact(whole, compression.bytes(Compression.BLOCK)),
        rest == 0 ? 0 : compression.bytes(rest));
  }
}
