package dev.convoy.worker.cuda.simulation.ptx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A piece of memory that was taken at once. New memory is full of 0xFF: NaN as a float. */
public final class MemoryRegion {
  private static final VarHandle SHORTS = view(short[].class);
  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle LONGS = view(long[].class);

  private final long address;
  private final int size;
  private byte[] bytes;
  private AccessLog log;

  /** Memory from an address on. */
  public MemoryRegion(long address, int size) {
    this.address = address;
    this.size = size;
    bytes = new byte[size];
    poison();
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  void poison() {
    Arrays.fill(bytes, (byte) 0xFF);
  }

  /** Where it begins. */
  public long address() {
    return address;
  }

  /** How many bytes it has. */
  public int size() {
    return size;
  }

  /** Its bytes themselves; null after it was given back. */
  public byte[] bytes() {
    return bytes;
  }

  /** Gives it back. */
  public void free() {
    bytes = null;
    log = null;
  }

  /** Whether it was given back. */
  public boolean isFreed() {
    return bytes == null;
  }

  /** From now on accesses of threads that nothing puts in an order are faults. */
  public void watch() {
    log = new AccessLog(size);
  }

  AccessLog log() {
    return log;
  }

  /** Whether so many bytes from an address on are in it. */
  public boolean contains(long first, long count) {
    long offset = first - address;
    return offset >= 0 && count >= 0 && offset <= size - count;
  }

  /** Of 1, 2, 4 or 8 bytes, with zeros above. */
  long load(int offset, int size) {
    return switch (size) {
      case 1 -> bytes[offset] & 0xFFL;
      case 2 -> (short) SHORTS.get(bytes, offset) & 0xFFFFL;
      case 4 -> (int) INTS.get(bytes, offset) & 0xFFFFFFFFL;
      default -> (long) LONGS.get(bytes, offset);
    };
  }

  void store(int offset, int size, long value) {
    switch (size) {
      case 1 -> bytes[offset] = (byte) value;
      case 2 -> SHORTS.set(bytes, offset, (short) value);
      case 4 -> INTS.set(bytes, offset, (int) value);
      default -> LONGS.set(bytes, offset, value);
    }
  }
}
