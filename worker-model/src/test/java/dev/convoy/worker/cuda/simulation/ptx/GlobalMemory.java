package dev.convoy.worker.cuda.simulation.ptx;

/** A device's memory as a kernel sees it. */
public interface GlobalMemory {
  /** The region that an address is in, or null; one that was given back is never returned. */
  MemoryRegion region(long address);

  /** What is at an address where no region is, or behind the end of one, for a message. */
  String describe(long address);
}
