package dev.convoy.worker.cuda.simulation;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.convoy.data.Text;
import dev.convoy.worker.cuda.simulation.ptx.DeviceFault;
import java.util.Map;
import java.util.TreeMap;

/**
 * Memory of the host that devices can copy: real memory, as what uses the driver writes to its
 * address. What was given back stays where it is, so that a late access does no harm to the test.
 */
final class HostMemory {
  private static final int ALIGNMENT = 256;

  private record Region(Memory memory, long address, long bytes) {}

  private final TreeMap<Long, Region> regions = new TreeMap<>();
  private final TreeMap<Long, Region> givenBack = new TreeMap<>();

  long allocate(long bytes) {
    Memory memory = new Memory(bytes + ALIGNMENT);
    memory.setMemory(0, memory.size(), (byte) 0xFF);
    long start = Pointer.nativeValue(memory);
    long address = (start + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    regions.put(address, new Region(memory, address, bytes));
    return address;
  }

  boolean free(long address) {
    Region region = regions.remove(address);
    if (region == null) {
      return false;
    }
    region.memory().setMemory(0, region.memory().size(), (byte) 0xFF);
    givenBack.put(address, region);
    return true;
  }

  int count() {
    return regions.size();
  }

  void read(String work, long address, byte[] to, int offset, int bytes) {
    region(work, address, bytes);
    new Pointer(address).read(0, to, offset, bytes);
  }

  void write(String work, long address, byte[] from, int offset, int bytes) {
    region(work, address, bytes);
    new Pointer(address).write(0, from, offset, bytes);
  }

  /** Fails where so many bytes are not within memory that a device can copy. */
  void region(String work, long address, long bytes) {
    Map.Entry<Long, Region> entry = regions.floorEntry(address);
    Region region = entry == null ? null : entry.getValue();
    if (region == null || address + bytes > region.address() + region.bytes()) {
      throw new DeviceFault(
          Text.of(
              "%s: copies %d bytes at 0x%x of the host, which cuMemHostAlloc did not return",
              work, bytes, address));
    }
  }
}
