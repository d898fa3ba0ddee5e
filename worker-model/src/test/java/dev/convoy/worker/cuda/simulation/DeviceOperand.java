package dev.convoy.worker.cuda.simulation;

import dev.convoy.worker.cuda.simulation.ptx.DeviceFault;
import dev.convoy.worker.cuda.simulation.ptx.MemoryRegion;

/**
 * Numbers in a device's memory that a library's call reads or writes.
 *
 * @param name the call's and the operand's, for messages
 */
record DeviceOperand(
    DeviceMemory memory, String name, long address, FloatFormat format, int count) {
  private MemoryRegion region() {
    return memory.region(name, address, bytes());
  }

  private long bytes() {
    return (long) count * format.bytes();
  }

  /** Fails where it is not within memory that was taken. */
  void check() {
    region();
  }

  float[] read() {
    return count == 0 ? new float[0] : format.read(region(), address, count);
  }

  void write(float[] values) {
    format.write(region(), address, values);
  }

  /** Becomes alpha × values + beta × what it was, which is not read where beta is 0. */
  void blend(float alpha, double[] values, float beta) {
    float[] result = new float[count];
    float[] before = beta == 0 ? result : read();
    for (int i = 0; i < count; i++) {
      result[i] = (float) (alpha * values[i] + (beta == 0 ? 0 : (double) beta * before[i]));
    }
    write(result);
  }

  /** Fails where it shares memory with what is read. */
  void requireApartFrom(DeviceOperand other) {
    if (address < other.address + other.bytes() && other.address < address + bytes()) {
      throw new DeviceFault(name + ": the result is written over " + other.name);
    }
  }
}
