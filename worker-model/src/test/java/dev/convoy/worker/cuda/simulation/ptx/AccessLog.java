package dev.convoy.worker.cuda.simulation.ptx;

/**
 * Who read and wrote each byte or word of a memory last, to find accesses of two threads, one of
 * them a write, that nothing puts in an order: what such a kernel computes differs from run to run.
 * Values of four bytes and more are kept apart from smaller ones, so what is written as one and
 * read as the other at the same place is not found.
 */
final class AccessLog {
  private static final int WORD = 4;
  private static final int MANY_THREADS = -1;
  private static final int MANY_BLOCKS = -2;

  private final Half words;
  private final Half bytes;

  AccessLog(int size) {
    words = new Half(size / WORD + 1);
    bytes = new Half(size);
  }

  /** Null, or what is wrong with this read. */
  String read(int offset, int size, Accessor by) {
    return size < WORD ? bytes.read(offset, size, by) : words.read(offset / WORD, size / WORD, by);
  }

  /** Null, or what is wrong with this write. */
  String write(int offset, int size, Accessor by) {
    return size < WORD
        ? bytes.write(offset, size, by)
        : words.write(offset / WORD, size / WORD, by);
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

  /** Kept in pages, as most of a large memory is never touched. */
  private static final class Entries {
    private static final int PAGE_BITS = 10;

    private final int[][] block;
    private final int[][] thread;
    private final int[][] epoch;

    Entries(int size) {
      int pages = (size >> PAGE_BITS) + 1;
      block = new int[pages][];
      thread = new int[pages][];
      epoch = new int[pages][];
    }

    private static int page(int i) {
      return i >> PAGE_BITS;
    }

    private static int place(int i) {
      return i & ((1 << PAGE_BITS) - 1);
    }

    int block(int i) {
      return block[page(i)] == null ? 0 : block[page(i)][place(i)];
    }

    int thread(int i) {
      return thread[page(i)][place(i)];
    }

    void set(int i, Accessor by, int threads) {
      int page = page(i);
      if (block[page] == null) {
        block[page] = new int[1 << PAGE_BITS];
        thread[page] = new int[1 << PAGE_BITS];
        epoch[page] = new int[1 << PAGE_BITS];
      }
      block[page][place(i)] = by.block();
      thread[page][place(i)] = threads;
      epoch[page][place(i)] = by.epoch();
    }

    /** Whether it is of another thread and nothing puts it before what the accessor does now. */
    boolean unordered(int i, Accessor by) {
      int last = block(i);
      if (last < by.launch()) {
        return false;
      }
      if (last != by.block()) {
        return true;
      }
      int who = thread(i);
      if (who == by.thread()) {
        return false;
      }
      int when = epoch[page(i)][place(i)];
      boolean sameWarp = who >= 0 && who >> 5 == by.thread() >> 5;
      return who == MANY_BLOCKS || (sameWarp ? when >= by.epoch() : when >> 16 >= by.epoch() >> 16);
    }
  }

  /** Of values of one size. */
  private static final class Half {
    private final Entries writes;
    private final Entries reads;

    Half(int size) {
      writes = new Entries(size);
      reads = new Entries(size);
    }

    String read(int offset, int size, Accessor by) {
      for (int i = offset; i < offset + size; i++) {
        if (writes.unordered(i, by)) {
          return "reads what thread " + writes.thread(i) + " wrote without a barrier between";
        }
        reads.set(i, by, reads.unordered(i, by) ? together(i, by) : by.thread());
      }
      return null;
    }

    /** What stands for this reader and those before it. */
    private int together(int i, Accessor by) {
      return reads.block(i) == by.block() && reads.thread(i) != MANY_BLOCKS
          ? MANY_THREADS
          : MANY_BLOCKS;
    }

    String write(int offset, int size, Accessor by) {
      for (int i = offset; i < offset + size; i++) {
        if (writes.unordered(i, by)) {
          return "writes where thread " + writes.thread(i) + " wrote without a barrier between";
        }
        if (reads.unordered(i, by)) {
          return "writes what another thread reads without a barrier between";
        }
        writes.set(i, by, by.thread());
      }
      return null;
    }
  }
}
