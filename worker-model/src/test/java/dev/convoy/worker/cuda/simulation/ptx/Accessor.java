package dev.convoy.worker.cuda.simulation.ptx;

import java.util.Arrays;

/**
 * The thread of a block that accesses memory, and the moment: how many barriers of the block and of
 * its warps there were.
 */
final class Accessor {
  private static final int LAST_MOMENT = (1 << 20) - 1;

  private final int[] warpBarriers;
  private int block;
  private int thread;
  private int moment;
  private int barrier;

  Accessor(int threads) {
    warpBarriers = new int[(threads + 31) / 32];
  }

  /** Begins with a block of this serial number, from 1. */
  void begin(int serial) {
    block = serial;
    moment = 0;
    barrier = 0;
    Arrays.fill(warpBarriers, 0);
  }

  /** Becomes another thread of the block. */
  Accessor as(int other) {
    thread = other;
    return this;
  }

  int block() {
    return block;
  }

  int thread() {
    return thread;
  }

  int moment() {
    return moment;
  }

  /** All threads of the block have waited for each other. */
  void barrier() {
    advance();
    barrier = moment;
  }

  /** The threads of a thread's warp have waited for each other. */
  void warpBarrier(int member) {
    advance();
    warpBarriers[member / 32] = moment;
  }

  private void advance() {
    if (moment == LAST_MOMENT) {
      throw new DeviceFault("A block has more than a million barriers");
    }
    moment++;
  }

  /** The moment before which all that another thread did is before what this one does now. */
  int orderedSince(int other) {
    return other / 32 == thread / 32 ? Math.max(barrier, warpBarriers[thread / 32]) : barrier;
  }
}
