package dev.convoy.worker.cuda.simulation;

import dev.convoy.data.Text;
import dev.convoy.worker.cuda.simulation.ptx.DeviceFault;
import dev.convoy.worker.cuda.simulation.ptx.GlobalMemory;
import dev.convoy.worker.cuda.simulation.ptx.MemoryRegion;
import dev.convoy.worker.cuda.simulation.ptx.PtxVariable;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A device's memory. Addresses are multiples of 256 and of nothing larger, with a gap behind each
 * region, and none is used twice, so that whoever keeps one too long is found.
 */
final class DeviceMemory implements GlobalMemory {
  private static final long ALIGNMENT = 256;
  private static final long DEVICE_SPAN = 1L << 40;
  private static final long FIRST = 0x10_0000_0000L;

  private final TreeMap<Long, MemoryRegion> regions = new TreeMap<>();
  private final Set<Long> variables = new HashSet<>();
  private final long capacity;
  private final boolean watched;
  private long next;
  private long used;

  DeviceMemory(int device, long capacity, boolean watched) {
    this.capacity = capacity;
    this.watched = watched;
    next = FIRST + device * DEVICE_SPAN + ALIGNMENT;
  }

  private static long rounded(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  long capacity() {
    return capacity;
  }

  long used() {
    return used;
  }

  /** The address of new memory, or 0 where there is not so much left. */
  long allocate(long bytes) {
    if (bytes > capacity || used + rounded(bytes) > capacity || bytes > Integer.MAX_VALUE - 16) {
      return 0;
    }
    MemoryRegion region = new MemoryRegion(next, (int) bytes);
    if (watched) {
      region.watch();
    }
    regions.put(next, region);
    long address = next;
    used += rounded(bytes);
    next += rounded(bytes) / (2 * ALIGNMENT) * (2 * ALIGNMENT) + 2 * ALIGNMENT;
    return address;
  }

  /** Gives memory back; false where none begins there. */
  boolean free(long address) {
    MemoryRegion region = regions.get(address);
    if (region == null || region.isFreed() || variables.contains(address)) {
      return false;
    }
    used -= rounded(region.size());
    region.free();
    return true;
  }

  /** The address of a new variable of a module, which counts for no one. */
  long place(PtxVariable variable) {
    long address = next;
    MemoryRegion region = new MemoryRegion(address, variable.initial().length);
    System.arraycopy(variable.initial(), 0, region.bytes(), 0, region.size());
    regions.put(address, region);
    variables.add(address);
    next += rounded(region.size()) + 2 * ALIGNMENT;
    return address;
  }

  /** Takes a module's variable away. */
  void unplace(long address) {
    variables.remove(address);
    regions.get(address).free();
  }

  /** How many regions there are. */
  int count() {
    return (int) regions.values().stream().filter(region -> !region.isFreed()).count()
        - variables.size();
  }

  private MemoryRegion nearest(long address) {
    Map.Entry<Long, MemoryRegion> entry = regions.floorEntry(address);
    return entry == null ? null : entry.getValue();
  }

  @Override
  public MemoryRegion region(long address) {
    MemoryRegion region = nearest(address);
    return region == null || region.isFreed() || !region.contains(address, 1) ? null : region;
  }

  /** The region that so many bytes are in. */
  MemoryRegion region(String work, long address, long bytes) {
    MemoryRegion region = region(address);
    if (region == null || !region.contains(address, bytes)) {
      throw new DeviceFault(
          Text.of("%s: accesses %d bytes at 0x%x, %s", work, bytes, address, describe(address)));
    }
    return region;
  }

  @Override
  public String describe(long address) {
    MemoryRegion region = nearest(address);
    if (region == null) {
      return "where no memory was taken";
    }
    String where =
        Text.of(
            "byte %d of %d bytes at 0x%x",
            address - region.address(), region.size(), region.address());
    return region.isFreed() ? where + ", which were given back" : where;
  }
}
