package dev.convoy.worker.cuda.simulation.ptx;

/** The plain case of reading and writing memory: a value of a device's memory at an address. */
final class GlobalAccess {
  private GlobalAccess() {}

  static PtxOperation load(PtxType type, int to, int base, long offset) {
    int size = type.bytes();
    return (block, threads, count) -> {
      long[] result = block.row(to);
      long[] starts = block.row(base);
      MemoryRegion region = null;
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        long address = starts[thread] + offset;
        if (region == null || !region.contains(address, size)) {
          region = block.memory().global(thread, address, size);
        }
        block.requireAligned(thread, address, size);
        long value =
            region.log() == null
                ? region.load((int) (address - region.address()), size)
                : block.memory().load(PtxSpace.GLOBAL, thread, address, size);
        result[thread] = type.of(value);
      }
    };
  }

  static PtxOperation store(PtxType type, int from, int base, long offset) {
    int size = type.bytes();
    return (block, threads, count) -> {
      long[] values = block.row(from);
      long[] starts = block.row(base);
      MemoryRegion region = null;
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        long address = starts[thread] + offset;
        if (region == null || !region.contains(address, size)) {
          region = block.memory().global(thread, address, size);
        }
        block.requireAligned(thread, address, size);
        if (region.log() == null) {
          region.store((int) (address - region.address()), size, values[thread]);
        } else {
          block.memory().store(PtxSpace.GLOBAL, thread, address, size, values[thread]);
        }
      }
    };
  }
}
