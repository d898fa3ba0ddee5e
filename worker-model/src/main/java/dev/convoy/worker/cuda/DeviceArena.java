package dev.convoy.worker.cuda;

/**
 * Memory of a device that the plans of a network use in turn, each as if it were its own: as large
 * as the largest of them needs. A plan finds in it whatever the one before left there.
 */
final class DeviceArena implements AutoCloseable {
  private final Device device;
  private DeviceMemory memory;

  /** Has no memory yet. */
  DeviceArena(Device device) {
    this.device = device;
  }

  /**
   * The beginning of at least so many bytes. Where that is changes when more are asked for than
   * ever before: then what was there earlier is given back.
   *
   * @throws DeviceMemoryException if the device has not so much left
   */
  long ofBytes(long bytes) {
    if (memory == null || memory.bytes() < bytes) {
      close(); // before the larger one is taken, so that there are never both
      DeviceMemory larger = new DeviceMemory(device, bytes);
      larger.allocate();
      memory = larger;
    }
    return memory.address();
  }

  /** The largest plan that there is room for. */
  long room() {
    long taken = memory == null ? 0 : memory.bytes();
    return Math.max(taken, taken + device.spareBytes());
  }

  @Override
  public void close() {
    if (memory != null) {
      device.settle();
      memory.close();
      memory = null;
    }
  }
}
