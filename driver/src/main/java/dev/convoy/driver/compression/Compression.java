package dev.convoy.driver.compression;

import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Makes the changes that workers send smaller, a block of values at a time. What it leaves out is
 * not lost: a worker adds it to its next change (error feedback; Seide et al., "1-Bit Stochastic
 * Gradient Descent", 2014; Karimireddy et al., "Error Feedback Fixes SignSGD", 2019). Immutable;
 * plain arithmetic, the same on every processor. Travels to executors.
 *
 * <p>A value that is no number may become any other that is none, and makes others of its block
 * such, too.
 */
public interface Compression extends Serializable {
  /** Values of a block; the last one of a vector may be shorter. */
  int BLOCK = 4096;

  /** Whether values are sent as they are, and not their changes. */
  default boolean isExact() {
    return false;
  }

  /**
   * Bytes that a block comes to.
   *
   * @param values of the block, 1 to {@link #BLOCK}
   */
  int bytes(int values);

  /**
   * Writes a block.
   *
   * @param block not changed
   * @param values how many of it there are, 1 to {@link #BLOCK}
   * @param out little-endian; takes {@link #bytes}
   */
  void compress(float[] block, int values, ByteBuffer out);

  /**
   * Reads a block.
   *
   * @param in what was written
   * @param block receives the values
   * @param values how many they are
   */
  void decompress(ByteBuffer in, float[] block, int values);
}
