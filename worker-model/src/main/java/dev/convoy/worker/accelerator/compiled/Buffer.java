package dev.convoy.worker.accelerator.compiled;

import org.bytedeco.javacpp.FloatPointer;

/** Native memory for one value after another, while a plan is built. */
final class Buffer {
  private final FloatPointer values;
  private int holders;

  Buffer(FloatPointer values) {
    this.values = values;
  }

  FloatPointer values() {
    return values;
  }

  /** Whether nobody else will read what is here. */
  boolean isHeldOnce() {
    return holders == 1;
  }

  void hold() {
    holders++;
  }

  /** Whether the memory is free now. */
  boolean release() {
    if (holders == 0) {
      throw new IllegalStateException("A buffer was released more often than it was taken");
    }
    holders--;
    return holders == 0;
  }
}
