package dev.convoy.worker.cuda.simulation;

/**
 * What a simulated device says of itself.
 *
 * @param pciBusId domain:bus:device.function, in hexadecimal digits
 * @param major the number before the point of its compute capability
 * @param minor the number behind it
 * @param multiprocessors how many it has
 * @param memoryBytes how much of it can be taken
 */
public record DeviceModel(
    String name, String pciBusId, int major, int minor, int multiprocessors, long memoryBytes) {
  private static final long GIBIBYTE = 1L << 30;

  /** A device that can do all that Convoy uses. */
  public static DeviceModel ordinary() {
    return new DeviceModel("Simulated GPU", "0000:01:00.0", 8, 0, 8, GIBIBYTE);
  }

  /** The same with another place on the bus. */
  public DeviceModel at(String busId) {
    return new DeviceModel(name, busId, major, minor, multiprocessors, memoryBytes);
  }

  /** The same with another compute capability. */
  public DeviceModel withCapability(int newMajor, int newMinor) {
    return new DeviceModel(name, pciBusId, newMajor, newMinor, multiprocessors, memoryBytes);
  }

  /** The same with another amount of memory. */
  public DeviceModel withMemory(long bytes) {
    return new DeviceModel(name, pciBusId, major, minor, multiprocessors, bytes);
  }
}
