package dev.convoy.worker.cuda.simulation.ptx;

/**
 * Who read and wrote each byte or word of a memory last, to find accesses of two threads, one of
 * them a write, that nothing puts in an order: what such a kernel computes differs from run to run.
 * Values of four bytes and more are kept apart from smaller ones, so what is written as one and
 * read as the other at the same place is not found.
 */
final class AccessLog {
  private static final int WORD = 4;

  private final Half words;
  private final Half bytes;

  AccessLog(int size) {
    words = new Half(size / WORD + 1);
    bytes = new Half(size);
  }

  /**
   * Notes a read.
   *
   * @param firstBlock the first serial number of a block whose accesses count
   * @return null, or what is wrong with it
   */
  String read(int offset, int size, int firstBlock, Accessor by) {
    int step = size < WORD ? 1 : WORD;
    Half half = size < WORD ? bytes : words;
    for (int i = offset / step; i < (offset + size) / step; i++) {
      String complaint = half.read(i, firstBlock, by);
      if (complaint != null) {
        return complaint;
      }
    }
    return null;
  }

  /**
   * Notes a write.
   *
   * @param firstBlock the first serial number of a block whose accesses count
   * @return null, or what is wrong with it
   */
  String write(int offset, int size, int firstBlock, Accessor by) {
    int step = size < WORD ? 1 : WORD;
    Half half = size < WORD ? bytes : words;
    for (int i = offset / step; i < (offset + size) / step; i++) {
      String complaint = half.write(i, firstBlock, by);
      if (complaint != null) {
        return complaint;
      }
    }
    return null;
  }

  /** Of values of one size. */
  private static final class Half {
    private final LastAccess[] reads;
    private final LastAccess[] writes;

    Half(int size) {
      int pages = size / LastAccess.SIZE + 1;
      reads = new LastAccess[pages];
      writes = new LastAccess[pages];
    }

    private static LastAccess page(LastAccess[] pages, int i) {
      int page = i / LastAccess.SIZE;
      if (pages[page] == null) {
        pages[page] = new LastAccess();
      }
      return pages[page];
    }

    String read(int i, int firstBlock, Accessor by) {
      int place = i % LastAccess.SIZE;
      LastAccess written = page(writes, i);
      if (written.unordered(place, firstBlock, by)) {
        return "reads what thread " + written.thread(place) + " wrote without a barrier between";
      }
      LastAccess read = page(reads, i);
      if (read.unordered(place, firstBlock, by)) {
        read.add(place, by);
      } else {
        read.set(place, by);
      }
      return null;
    }

    String write(int i, int firstBlock, Accessor by) {
      int place = i % LastAccess.SIZE;
      LastAccess written = page(writes, i);
      if (written.unordered(place, firstBlock, by)) {
        return "writes where thread " + written.thread(place) + " wrote without a barrier between";
      }
      if (page(reads, i).unordered(place, firstBlock, by)) {
        return "writes what another thread reads without a barrier between";
      }
      written.set(place, by);
      return null;
    }
  }
}
