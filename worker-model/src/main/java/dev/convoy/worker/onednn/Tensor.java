package dev.convoy.worker.onednn;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Numbers in native memory.
 *
 * @param layout dimensions and the order in which the values lie
 * @param handle layout and place, as primitives take them; without a place until the plan is
 *     complete
 * @param storage the place
 * @param offset in the place, in floats
 */
record Tensor(memory.desc layout, memory handle, Storage storage, long offset) {

  static Tensor of(memory.desc layout, Storage storage) {
    return of(layout, storage, 0);
  }

  static Tensor of(memory.desc layout, Storage storage, long offset) {
    return new Tensor(layout, new memory(layout, OneDnn.cpu(), (Pointer) null), storage, offset);
  }

  /** Tells the primitives where the values are. */
  void bind() {
    handle.set_data_handle(values());
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

  /** The values, once the plan is complete. */
  FloatPointer values() {
    return offset == 0 ? storage.values() : storage.values().getPointer(offset);
  }
}
