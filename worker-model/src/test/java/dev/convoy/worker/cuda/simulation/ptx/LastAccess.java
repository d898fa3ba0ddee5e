package dev.convoy.worker.cuda.simulation.ptx;

/** Who accessed each of some places last: block, thread and moment in one number. */
final class LastAccess {
  /** How many places it has. */
  static final int SIZE = 1024;

  private static final int MOMENT_BITS = 20;
  private static final int THREAD_BITS = 12;
  private static final int THREADS_OF_A_BLOCK = 0xFFE;
  private static final int THREADS_OF_BLOCKS = 0xFFF;

  private final long[] last = new long[SIZE];

  private static int block(long access) {
    return (int) (access >>> 32);
  }

  private static int thread(long access) {
    return (int) (access >>> MOMENT_BITS) & ((1 << THREAD_BITS) - 1);
  }

  private static int moment(long access) {
    return (int) access & ((1 << MOMENT_BITS) - 1);
  }

  /** The number of the thread that was here last. */
  int thread(int i) {
    return thread(last[i]);
  }

  /** Notes an access of one thread. */
  void set(int i, Accessor by) {
    set(i, by, by.thread());
  }

  /** Notes an access beside which others stay. */
  void add(int i, Accessor by) {
    boolean sameBlock = block(last[i]) == by.block() && thread(i) != THREADS_OF_BLOCKS;
    set(i, by, sameBlock ? THREADS_OF_A_BLOCK : THREADS_OF_BLOCKS);
  }

  private void set(int i, Accessor by, int thread) {
    last[i] = ((long) by.block() << 32) | ((long) thread << MOMENT_BITS) | by.moment();
  }

  /** Whether it was another thread and nothing puts it before what a thread does now. */
  boolean unordered(int i, int firstBlock, Accessor by) {
    long access = last[i];
    int block = block(access);
    if (block < firstBlock) {
      return false;
    }
    if (block != by.block()) {
      return true;
    }
    int thread = thread(access);
    if (thread == by.thread()) {
      return false;
    }
    return thread == THREADS_OF_BLOCKS || moment(access) >= by.orderedSince(thread);
  }
}
