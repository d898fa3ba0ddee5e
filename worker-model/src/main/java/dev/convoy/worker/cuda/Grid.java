package dev.convoy.worker.cuda;

/**
 * How many threads run a kernel: blocks in columns and rows, and threads of a block in columns and
 * rows. Kernels deal their work to whatever threads there are.
 */
record Grid(int blocksX, int blocksY, int threadsX, int threadsY) {
  /** Threads of a block. */
  static final int THREADS = 256;

  /** More do not run at the same time on any card. */
  private static final int MOST_BLOCKS = 1 << 14;

  /** Columns of a tensor that the threads of a warp take together at most. */
  private static final int MOST_COLUMNS = 32;

  /** Rows of a strip for each thread, if there are enough. */
  private static final int ROWS_OF_THREAD = 8;

  /** Strips that a tensor is cut into at most. */
  private static final int MOST_STRIPS = 1024;

  /** A thread for each of some items, or fewer that take several. */
  static Grid of(long items) {
    long blocks = Math.max(1, Math.min(MOST_BLOCKS, (items + THREADS - 1) / THREADS));
    return new Grid((int) blocks, 1, THREADS, 1);
  }

  /** A block for each of some items. */
  static Grid ofBlocks(long blocks) {
    return new Grid(Math.toIntExact(blocks), 1, THREADS, 1);
  }

  /**
   * For sums over rows.
   *
   * @param columns of the tensor, in packs of what a thread takes at once
   */
  static Grid ofStrips(long rows, long columns) {
    int threadsX = (int) Math.min(MOST_COLUMNS, columns);
    int threadsY = Integer.highestOneBit(THREADS / threadsX);
    long strips = Math.max(1, rows / ((long) threadsY * ROWS_OF_THREAD));
    return new Grid(
        Math.toIntExact((columns + threadsX - 1) / threadsX),
        (int) Math.min(MOST_STRIPS, strips),
        threadsX,
        threadsY);
  }

  /** For the sums of strips. */
  static Grid ofSums(long columns) {
    return new Grid(Math.toIntExact((columns + 31) / 32), 1, 32, 8);
  }
}
