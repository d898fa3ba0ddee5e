package dev.convoy.worker.accelerator.compiled;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Numbers in native memory.
 *
 * @param layout dimensions and the order in which the values lie
 * @param handle layout and place, as primitives take them
 * @param buffer the place
 */
record Tensor(memory.desc layout, memory handle, Buffer buffer) {

  static Tensor of(memory.desc layout, Buffer buffer) {
    return new Tensor(layout, new memory(layout, OneDnn.cpu(), buffer.values()), buffer);
  }

  /** The same values, seen with other dimensions. */
  Tensor seenAs(memory.desc other) {
    return of(other, buffer);
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

  FloatPointer values() {
    return buffer.values();
  }
}
