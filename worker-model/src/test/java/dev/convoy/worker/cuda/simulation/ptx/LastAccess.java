package dev.convoy.worker.cuda.simulation.ptx;

/** Who accessed each of some places last. */
final class LastAccess {
  /** How many places it has. */
  static final int SIZE = 1024;

  private static final int THREADS_OF_A_BLOCK = 0xFFFE;
  private static final int THREADS_OF_BLOCKS = 0xFFFF;

  private final int[] block = new int[SIZE];
  private final int[] epoch = new int[SIZE];
  private final char[] thread = new char[SIZE];

  int thread(int i) {
    return thread[i];
  }

  void set(int i, int newBlock, int newThread, int newEpoch) {
    block[i] = newBlock;
    thread[i] = (char) newThread;
    epoch[i] = newEpoch;
  }

  /** What stands for another thread of a block and those that were noted. */
  int several(int i, int newBlock) {
    return block[i] == newBlock && thread[i] != THREADS_OF_BLOCKS
        ? THREADS_OF_A_BLOCK
        : THREADS_OF_BLOCKS;
  }

  /** Whether it was another thread and nothing puts it before what a thread does now. */
  boolean unordered(int i, int launch, int nowBlock, int nowThread, int nowEpoch) {
    int last = block[i];
    if (last < launch) {
      return false;
    }
    if (last != nowBlock) {
      return true;
    }
    int who = thread[i];
    if (who == nowThread) {
      return false;
    }
    // Threads of a warp may have waited for each other alone.
    return who == THREADS_OF_BLOCKS
        || (who >> 5 == nowThread >> 5 ? epoch[i] >= nowEpoch : epoch[i] >> 16 >= nowEpoch >> 16);
  }
}
