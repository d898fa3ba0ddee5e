package dev.convoy.worker.onednn;

import dev.convoy.worker.arena.Storage;
import java.nio.FloatBuffer;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Numbers in native memory.
 *
 * @param layout dimensions and the order in which the values lie
 * @param handle layout and place, as primitives take them; without a place until the plan is
 *     complete
 * @param storage the place
 * @param offset in the place, in bytes
 */
record Tensor(memory.desc layout, memory handle, Storage<Place> storage, long offset) {

  static Tensor of(memory.desc layout, Storage<Place> storage) {
    return of(layout, storage, 0);
  }

  static Tensor of(memory.desc layout, Storage<Place> storage, long offset) {
    return new Tensor(layout, new memory(layout, OneDnn.cpu(), (Pointer) null), storage, offset);
  }

  /** Tells the primitives where the values are. */
  void bind() {
    handle.set_data_handle(place());
  }

  /** The dimensions, without any padding of the layout. */
  long[] dimensions() {
    return OneDnn.dimensions(layout);
  }

  long dimension(int axis) {
    return layout.data().dims().get(axis);
  }

  /** The number of values, without any padding of the layout. */
  long size() {
    long size = 1;
    for (long dimension : dimensions()) {
      size *= dimension;
    }
    return size;
  }

  /** The values of a plain tensor, once the plan is complete. */
  FloatBuffer buffer() {
    return values().asBuffer().limit(Math.toIntExact(size()));
  }

  /** A copy of the values of a plain tensor, once the plan is complete. */
  float[] toArray() {
    float[] copy = new float[Math.toIntExact(size())];
    values().get(copy);
    return copy;
  }

  /** A layout for values of this tensor's type. */
  memory.desc ofItsType(memory.desc other) {
    return OneDnn.ofType(layout.data().data_type(), other);
  }

  /** How many bytes a value has. */
  int bytesOfValue() {
    return layout.data().data_type() == dnnl.dnnl_bf16 ? Short.BYTES : Float.BYTES;
  }

  /** Where the values are, of whatever type, once the plan is complete. */
  Pointer place() {
    return offset == 0 ? beginning() : new BytePointer(beginning()).getPointer(offset);
  }

  /** The values in single precision, once the plan is complete. */
  FloatPointer values() {
    if (bytesOfValue() != Float.BYTES) {
      throw new IllegalStateException("Cannot read values of half the size as floats");
    }
    return offset == 0 ? beginning() : beginning().getPointer(offset / Float.BYTES);
  }

  private FloatPointer beginning() {
    return storage.place().part(storage.offset(), storage.bytes());
  }
}
