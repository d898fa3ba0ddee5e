package dev.convoy.worker.onednn;

import org.bytedeco.javacpp.FloatPointer;

/** Native memory that tensors lie in one after the other. Its size is known before it is there. */
final class Place {
  private final long floats;
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

  /** Allocates it, with zeros. */
  void allocate() {
    values = new FloatPointer(floats);
    values.zero();
  }

  /** Frees it, if it was allocated. */
  void free() {
    if (values != null) {
      values.deallocate();
    }
  }

  /** The memory, once it is there. */
  FloatPointer values() {
    return values;
  }
}
