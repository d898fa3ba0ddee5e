package dev.convoy.worker.cuda.device;

import dev.convoy.worker.cuda.api.Driver;
import dev.convoy.worker.cuda.api.LibraryException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A card that this process may see, whether or not Convoy can compute on it.
 *
 * @param ordinal CUDA's number of it in this process, from 0 on
 * @param name such as {@code NVIDIA A100-SXM4-40GB}
 * @param pciId where it is
 * @param capability its generation
 * @param memoryBytes all of its memory
 */
public record Card(
    int ordinal, String name, PciId pciId, ComputeCapability capability, long memoryBytes) {
  private static final int NAME_LENGTH = 256;
  private static final int PCI_ID_LENGTH = 32;

  /**
   * All that this process may see, in CUDA's order.
   *
   * @param driver after {@code cuInit}
   * @throws LibraryException if a call fails
   */
  static List<Card> all(Driver driver) throws LibraryException {
    int[] count = new int[1];
    require(driver.cuDeviceGetCount(count), "cuDeviceGetCount");
    List<Card> cards = new ArrayList<>();
    for (int ordinal = 0; ordinal < count[0]; ordinal++) {
      cards.add(of(driver, ordinal));
    }
    return cards;
  }

  private static Card of(Driver driver, int ordinal) throws LibraryException {
    int[] device = new int[1];
    require(driver.cuDeviceGet(device, ordinal), "cuDeviceGet");
    byte[] name = new byte[NAME_LENGTH];
    require(driver.cuDeviceGetName(name, name.length, device[0]), "cuDeviceGetName");
    byte[] pciId = new byte[PCI_ID_LENGTH];
    require(driver.cuDeviceGetPCIBusId(pciId, pciId.length, device[0]), "cuDeviceGetPCIBusId");
    long[] bytes = new long[1];
    require(driver.cuDeviceTotalMem_v2(bytes, device[0]), "cuDeviceTotalMem_v2");
    PciId place =
        PciId.parse(text(pciId))
            .orElseThrow(
                () -> new LibraryException("cuDeviceGetPCIBusId gave '" + text(pciId) + "'."));
    return new Card(
        ordinal,
        text(name),
        place,
        new ComputeCapability(
            attribute(driver, device[0], Driver.CAPABILITY_MAJOR),
            attribute(driver, device[0], Driver.CAPABILITY_MINOR)),
        bytes[0]);
  }

  private static int attribute(Driver driver, int device, int attribute) throws LibraryException {
    int[] value = new int[1];
    require(driver.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
    return value[0];
  }

  private static String text(byte[] bytes) {
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8).strip();
  }

  private static void require(int status, String call) throws LibraryException {
    if (status != Driver.SUCCESS) {
      throw new LibraryException(
          "NVIDIA's driver cannot be used: " + call + " gave status " + status + ".");
    }
  }

  /** For a person: name, place, capability and memory. */
  @Override
  public String toString() {
    return name
        + " at "
        + pciId
        + ", compute capability "
        + capability
        + ", "
        + (memoryBytes >> 20)
        + " MiB";
  }
}
