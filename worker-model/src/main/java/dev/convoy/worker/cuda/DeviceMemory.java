package dev.convoy.worker.cuda;

/** A piece of a device's memory, whose size is known before it is there. */
final class DeviceMemory implements AutoCloseable {
  /** Where tensors in it begin is a multiple of it. */
  static final int ALIGNMENT = 256;

  private final Device device;
  private final long bytes;
  private long address;

  DeviceMemory(Device device, long bytes) {
    this.device = device;
    this.bytes = bytes;
  }

  /** A length rounded up, so that what follows it is aligned. */
  static long aligned(long length) {
    return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  long bytes() {
    return bytes;
  }

  /**
   * Takes the memory, with zeros.
   *
   * @throws DeviceMemoryException if there is not so much left
   */
  void allocate() {
    address = device.allocate(bytes);
    device.clear(address, Math.max(1, bytes));
  }

  long address() {
    if (address == 0) {
      throw new IllegalStateException("Cannot tell where memory is that was not taken yet");
    }
    return address;
  }

  @Override
  public void close() {
    if (address != 0) {
      device.free(address);
      address = 0;
    }
  }
}
