package dev.convoy.worker.cuda.simulation.ptx;

import dev.convoy.data.Text;
import java.util.concurrent.atomic.AtomicInteger;

/** The memories that a block's threads see. */
final class PtxMemory {
  private static final AtomicInteger BLOCKS = new AtomicInteger();

  private final PtxBlock block;
  private final GlobalMemory global;
  private final MemoryRegion shared;
  private final MemoryRegion[] local;
  private final Accessor accessor;
  private final int firstBlock;
  private MemoryRegion last;
  private int serial;

  PtxMemory(PtxBlock block, GlobalMemory global) {
    this.block = block;
    this.global = global;
    PtxKernel kernel = block.kernel();
    int threads = block.launch().threads();
    shared = new MemoryRegion(0, kernel.sharedBytes(block.launch().dynamicSharedBytes()));
    shared.watch();
    local = new MemoryRegion[kernel.localBytes() == 0 ? 0 : threads];
    for (int i = 0; i < local.length; i++) {
      local[i] = new MemoryRegion(0, kernel.localBytes());
    }
    accessor = new Accessor(threads);
    firstBlock = BLOCKS.get() + 1;
  }

  void begin() {
    serial = BLOCKS.incrementAndGet();
    accessor.begin(serial);
    shared.poison();
  }

  /** All threads of the block have waited for each other. */
  void barrier() {
    accessor.barrier();
  }

  /** The threads of a thread's warp have waited for each other. */
  void warpBarrier(int thread) {
    accessor.warpBarrier(thread);
  }

  long load(PtxSpace space, int thread, long address, int size) {
    MemoryRegion region = region(space, thread, address, size);
    int offset = offset(region, address);
    if (region.log() != null) {
      int first = firstBlock(region);
      complain(thread, address, region.log().read(offset, size, first, accessor.as(thread)));
    }
    return region.load(offset, size);
  }

  void store(PtxSpace space, int thread, long address, int size, long value) {
    MemoryRegion region = region(space, thread, address, size);
    int offset = offset(region, address);
    if (region.log() != null) {
      int first = firstBlock(region);
      complain(thread, address, region.log().write(offset, size, first, accessor.as(thread)));
    }
    region.store(offset, size, value);
  }

  private int firstBlock(MemoryRegion region) {
    return region == shared ? serial : firstBlock;
  }

  private void complain(int thread, long address, String complaint) {
    if (complaint != null) {
      throw block.fault(thread, complaint + ", at address 0x" + Long.toHexString(address));
    }
  }

  private int offset(MemoryRegion region, long address) {
    long inSpace = region == last ? address : address & (PtxSpace.SHARED.window() - 1);
    return (int) (inSpace - region.address());
  }

  private MemoryRegion region(PtxSpace space, int thread, long address, int size) {
    boolean generic = space == PtxSpace.GENERIC;
    if (space == PtxSpace.GLOBAL || (generic && address < PtxSpace.SHARED.window())) {
      return global(thread, address, size);
    }
    long inSpace = address & (PtxSpace.SHARED.window() - 1);
    boolean isShared = space == PtxSpace.SHARED || (generic && address < PtxSpace.LOCAL.window());
    if (!isShared && local.length == 0) {
      throw block.fault(thread, "has no memory of a thread's own");
    }
    MemoryRegion region = isShared ? shared : local[thread];
    if (!region.contains(inSpace, size)) {
      String which = isShared ? "shared memory" : "the thread's memory";
      throw block.fault(
          thread, Text.of("accesses byte %d of %s, which has %d", inSpace, which, region.size()));
    }
    return region;
  }

  /** The region of a device's memory that so many bytes are in. */
  MemoryRegion global(int thread, long address, int size) {
    if (last == null || !last.contains(address, size)) {
      MemoryRegion region = global.region(address);
      if (region == null || !region.contains(address, size)) {
        throw block.fault(
            thread,
            Text.of("accesses %d bytes at 0x%x, %s", size, address, global.describe(address)));
      }
      last = region;
    }
    return last;
  }
}
