package dev.convoy.worker.cuda.simulation.ptx;

/**
 * Who read and wrote each byte of a memory last, to find accesses of two threads, one of them a
 * write, that nothing puts in an order: what such a kernel computes differs from run to run.
 */
final class AccessLog {
  private static final int MANY_THREADS = -1;
  private static final int MANY_BLOCKS = -2;

  private final Entries writes;
  private final Entries reads;

  AccessLog(int size) {
    writes = new Entries(size);
    reads = new Entries(size);
  }

  /**
   * The thread that accesses.
   *
   * @param launch the first serial number of a block whose accesses count
   * @param block the block's serial number, from 1
   * @param thread in the block
   * @param epoch barriers of the block so far × 65536 + those of the warp since
   */
  record Accessor(int launch, int block, int thread, int epoch) {}

  private static final class Entries {
    private final int[] block;
    private final int[] thread;
    private final int[] epoch;

    Entries(int size) {
      block = new int[size];
      thread = new int[size];
      epoch = new int[size];
    }

    void set(int i, Accessor by) {
      block[i] = by.block();
      thread[i] = by.thread();
      epoch[i] = by.epoch();
    }

    /** Whether it is of another thread and nothing puts it before what the accessor does now. */
    boolean unordered(int i, Accessor by) {
      if (block[i] < by.launch()) {
        return false;
      }
      if (block[i] != by.block()) {
        return true;
      }
      if (thread[i] == by.thread()) {
        return false;
      }
      boolean sameWarp = thread[i] >= 0 && thread[i] >> 5 == by.thread() >> 5;
      return thread[i] == MANY_BLOCKS
          || (sameWarp ? epoch[i] >= by.epoch() : epoch[i] >> 16 >= by.epoch() >> 16);
    }
  }

  /** Null, or what is wrong with this read. */
  String read(int offset, int size, Accessor by) {
    for (int i = offset; i < offset + size; i++) {
      if (writes.unordered(i, by)) {
        return "reads what thread " + writes.thread[i] + " wrote without a barrier between";
      }
      boolean others = reads.unordered(i, by);
      int thread = reads.block[i] == by.block() ? MANY_THREADS : MANY_BLOCKS;
      boolean manyBlocks = others && reads.thread[i] == MANY_BLOCKS;
      reads.set(i, by);
      if (others) {
        reads.thread[i] = manyBlocks ? MANY_BLOCKS : thread;
      }
    }
    return null;
  }

  /** Null, or what is wrong with this write. */
  String write(int offset, int size, Accessor by) {
    for (int i = offset; i < offset + size; i++) {
      if (writes.unordered(i, by)) {
        return "writes where thread " + writes.thread[i] + " wrote without a barrier between";
      }
      if (reads.unordered(i, by)) {
        return "writes what another thread reads without a barrier between";
      }
      writes.set(i, by);
    }
    return null;
  }
}
