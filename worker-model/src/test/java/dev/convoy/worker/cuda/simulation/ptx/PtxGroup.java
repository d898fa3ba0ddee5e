package dev.convoy.worker.cuda.simulation.ptx;

import java.util.Arrays;

/** Threads of a block that are at the same instruction, in their order. */
final class PtxGroup {
  private final int[] threads;
  private int count;
  private int position;

  PtxGroup(int position, int[] threads, int count) {
    this.position = position;
    this.threads = Arrays.copyOf(threads, threads.length);
    this.count = count;
  }

  /** All threads of a block, at its first instruction. */
  static PtxGroup all(int count) {
    int[] threads = new int[count];
    Arrays.setAll(threads, i -> i);
    return new PtxGroup(0, threads, count);
  }

  int[] threads() {
    return threads;
  }

  int count() {
    return count;
  }

  int position() {
    return position;
  }

  void moveTo(int other) {
    position = other;
  }

  /** Takes some of its threads out. */
  void remove(int[] others, int otherCount) {
    int kept = 0;
    int other = 0;
    for (int i = 0; i < count; i++) {
      if (other < otherCount && others[other] == threads[i]) {
        other++;
      } else {
        threads[kept++] = threads[i];
      }
    }
    count = kept;
  }

  /** Takes in the threads of a group at the same instruction. */
  void add(PtxGroup other) {
    int own = count - 1;
    int others = other.count - 1;
    count += other.count;
    for (int to = count - 1; others >= 0; to--) {
      boolean ownNext = own >= 0 && threads[own] > other.threads[others];
      threads[to] = ownNext ? threads[own--] : other.threads[others--];
    }
  }
}
