package dev.convoy.worker.cuda.simulation;

import dev.convoy.worker.cuda.simulation.ptx.MemoryRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How a device's memory holds numbers. */
enum FloatFormat {
  /** Single precision. */
  SINGLE(4),
  /** The upper half of single precision. */
  UPPER_HALF(2);

  private static final int QUIET = 0x00400000;

  private final int bytes;

  FloatFormat(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  /** The nearest number of this format, the even one of two. */
  float rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (this == SINGLE) {
      return value;
    }
    if (Float.isNaN(value)) {
      return Float.intBitsToFloat(bits | QUIET);
    }
    int half = 0x7FFF + (bits >>> 16 & 1);
    return Float.intBitsToFloat((bits + half) & 0xFFFF0000);
  }

  /** So many numbers from an address on. */
  float[] read(MemoryRegion region, long address, int count) {
    ByteBuffer buffer = buffer(region, address, count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          this == SINGLE ? buffer.getFloat() : Float.intBitsToFloat(buffer.getShort() << 16);
    }
    return values;
  }

  /** Writes numbers, each rounded to this format. */
  void write(MemoryRegion region, long address, float[] values) {
    ByteBuffer buffer = buffer(region, address, values.length);
    for (float value : values) {
      if (this == SINGLE) {
        buffer.putFloat(value);
      } else {
        buffer.putShort((short) (Float.floatToRawIntBits(rounded(value)) >>> 16));
      }
    }
  }

  private ByteBuffer buffer(MemoryRegion region, long address, int count) {
    int start = (int) (address - region.address());
    return ByteBuffer.wrap(region.bytes(), start, count * bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
