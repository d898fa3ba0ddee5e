package dev.convoy.worker.onednn;

import dev.convoy.worker.natives.LargePages;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Native memory that tensors lie in one after the other. Its size is known before it is there.
 *
 * <p>It begins where a cache line does: else every vector register is filled from two lines, and
 * some of oneDNN's code stores in a way that takes the process down. If it is large, it begins
 * where a {@linkplain LargePages large page} does.
 */
final class Place {
  static final int CACHE_LINE = 64;

  private final long floats;
  private FloatPointer allocated;
  private FloatPointer values;

  private Place(long floats, FloatPointer values) {
    this.floats = floats;
    this.values = values;
  }

  /** Memory that is yet to be allocated, of so many bytes at least. */
  static Place ofBytes(long bytes) {
    return new Place((bytes + Float.BYTES - 1) / Float.BYTES, null);
  }

  /** Memory that somebody else allocates and frees. */
  static Place at(FloatPointer values) {
    return new Place(values.limit(), values);
  }

  long bytes() {
    return floats * Float.BYTES;
  }

  /** Allocates it, with zeros, in large pages if it fills any. */
  void allocate() {
    long page = LargePages.size();
    long alignment = page > 0 && bytes() >= page ? page : CACHE_LINE;
    allocated = new FloatPointer(floats + alignment / Float.BYTES);
    long skipped = Math.floorMod(-allocated.address(), alignment) / Float.BYTES;
    values = allocated.getPointer(skipped);
    LargePages.ask(values.address(), bytes());
    values.limit(floats).zero();
  }

  /** Lies in memory that somebody else allocates and frees; true if it did not lie there before. */
  boolean moveTo(FloatPointer memory) {
    boolean moves = values == null || values.address() != memory.address();
    values = memory;
    return moves;
  }

  /** Frees it, if it was allocated. */
  void free() {
    if (allocated != null) {
      allocated.deallocate();
    }
  }

  /** A part of the memory, once it is there; offset and length in bytes. */
  FloatPointer part(long offset, long length) {
    FloatPointer part = values.getPointer(offset / Float.BYTES);
    part.capacity((length + Float.BYTES - 1) / Float.BYTES);
    return part;
  }
}
