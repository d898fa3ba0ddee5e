package dev.convoy.data.image;

import java.nio.ByteBuffer;

/** The pixels of a GIF's frame: blocks of bytes, compressed by Lempel, Ziv and Welch's method. */
final class GifPixels {
  private static final int MAX_BITS = 12;
  private static final int MAX_CODES = 1 << MAX_BITS;

  private final ByteBuffer data;
  private final int literalBits;

  /** Of a code, the code of all its pixels but the last. */
  private final short[] prefix = new short[MAX_CODES];

  private final byte[] first = new byte[MAX_CODES];
  private final byte[] suffix = new byte[MAX_CODES];
  private final int[] length = new int[MAX_CODES];
  private int blockBytes;
  private int bits;
  private int bitCount;

  /** Starts at the byte that tells the size of a literal. */
  GifPixels(ByteBuffer data) throws UnreadableImageException {
    this.data = data;
    literalBits = data.get();
    if (literalBits < 1 || literalBits > 8) {
      throw broken("literals of " + literalBits + " bits");
    }
    for (int literal = 0; literal < 1 << literalBits; literal++) {
      first[literal] = (byte) literal;
      suffix[literal] = (byte) literal;
      length[literal] = 1;
    }
  }

  /** Fills {@code pixels}; what follows them is passed over. */
  void read(byte[] pixels) throws UnreadableImageException {
    int clear = 1 << literalBits;
    int end = clear + 1;
    int next = end + 1;
    int codeBits = literalBits + 1;
    int before = -1;
    int filled = 0;
    while (filled < pixels.length) {
      int code = nextCode(codeBits);
      if (code == clear) {
        next = end + 1;
        codeBits = literalBits + 1;
        before = -1;
        continue;
      }
      if (code == end) {
        throw UnreadableImageException.damaged("GIF");
      }
      boolean justMade = code == next && next < MAX_CODES;
      if (code > end && (before < 0 || (code >= next && !justMade))) {
        throw broken("a code that means nothing");
      }
      if (before >= 0 && next < MAX_CODES) {
        prefix[next] = (short) before;
        length[next] = length[before] + 1;
        first[next] = first[before];
        suffix[next] = first[justMade ? before : code];
        next++;
        if (next == 1 << codeBits && codeBits < MAX_BITS) {
          codeBits++;
        }
      }
      filled += write(code, pixels, filled);
      before = code;
    }
  }

  /** Writes the pixels of a code from its end on; those beyond the frame are left out. */
  private int write(int code, byte[] pixels, int start) {
    int at = code;
    for (int i = start + length[code] - 1; i >= start; i--) {
      if (i < pixels.length) {
        pixels[i] = suffix[at];
      }
      at = prefix[at];
    }
    return length[code];
  }

  private int nextCode(int codeBits) throws UnreadableImageException {
    while (bitCount < codeBits) {
      if (blockBytes == 0) {
        blockBytes = data.get() & 0xff;
        if (blockBytes == 0) {
          throw UnreadableImageException.damaged("GIF");
        }
      }
      bits |= (data.get() & 0xff) << bitCount;
      bitCount += 8;
      blockBytes--;
    }
    int code = bits & ((1 << codeBits) - 1);
    bits >>>= codeBits;
    bitCount -= codeBits;
    return code;
  }

  private static UnreadableImageException broken(String what) {
    return UnreadableImageException.broken(ImageFormat.GIF, what);
  }
}
