package dev.convoy.data.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Damaged copies of files, for tests. */
final class Mutations {
  private static final int[] TELLING = {
    0, 1, -1, 255, 256, 65_536, 1 << 24, 0x7fffffff, 0x80000000
  };
  private static final String TEXT =
      "\"\\,;:{}[]\n\r\t 0123456789eE+-.\u0000\u00ff\u00c3truefalsenull";

  private final Random random;

  Mutations(long seed) {
    this.random = new Random(seed);
  }

  /** A number below {@code bound}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A copy with one to four mistakes. */
  byte[] of(byte[] original) {
    byte[] bytes = original;
    for (int i = 1 + below(1 + below(4)); i > 0; i--) {
      bytes = once(bytes);
    }
    return bytes;
  }

  private byte[] once(byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[] {(byte) below(256)};
    }
    // Headers matter more than what follows them.
    int at = random.nextBoolean() ? below(bytes.length) : below(Math.min(64, bytes.length));
    int length = Math.min(1 + below(random.nextBoolean() ? 4 : 64), bytes.length - at);
    byte[] changed = bytes.clone();
    switch (below(9)) {
      case 0 -> changed[at] ^= (byte) (1 << below(8));
      case 1 -> changed[at] = (byte) below(256);
      case 2 -> changed[at] = (byte) TEXT.charAt(below(TEXT.length()));
      case 3 -> {
        if (at + Integer.BYTES <= changed.length) {
          ByteBuffer.wrap(changed).putInt(at, TELLING[below(TELLING.length)]);
        }
      }
      case 4 -> changed = Arrays.copyOf(bytes, at);
      case 5 -> changed = joined(bytes, at, new byte[0], at + length);
      case 6 -> {
        byte[] inserted = new byte[length];
        random.nextBytes(inserted);
        changed = joined(bytes, at, inserted, at);
      }
      case 7 -> changed = joined(bytes, at, Arrays.copyOfRange(bytes, at, at + length), at);
      default -> {
        int from = below(bytes.length - length + 1);
        System.arraycopy(bytes, from, changed, at, length);
      }
    }
    return changed;
  }

  private static byte[] joined(byte[] bytes, int to, byte[] middle, int from) {
    byte[] joined = Arrays.copyOf(bytes, to + middle.length + bytes.length - from);
    System.arraycopy(middle, 0, joined, to, middle.length);
    System.arraycopy(bytes, from, joined, to + middle.length, bytes.length - from);
    return joined;
  }
}
