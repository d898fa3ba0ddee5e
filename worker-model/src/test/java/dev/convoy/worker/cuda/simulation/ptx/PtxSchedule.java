package dev.convoy.worker.cuda.simulation.ptx;

import java.util.ArrayList;
import java.util.List;

/** Which threads of a block run next: those at the earliest instruction that do not wait. */
final class PtxSchedule {
  private final PtxBlock block;
  private final int threads;
  private final List<PtxGroup> pending = new ArrayList<>();
  private final List<PtxGroup> waiting = new ArrayList<>();
  private PtxGroup group;
  private int nextPosition;

  PtxSchedule(PtxBlock block, int threads) {
    this.block = block;
    this.threads = threads;
  }

  void begin() {
    pending.clear();
    waiting.clear();
    group = PtxGroup.all(threads);
    nextPosition = Integer.MAX_VALUE;
  }

  /** The threads that run. */
  PtxGroup group() {
    return group;
  }

  /** Chooses the threads that run next; false when all have ended. */
  boolean choose() {
    if (group.count() > 0) {
      if (group.position() < nextPosition) {
        return true;
      }
      pending.add(group);
    }
    if (pending.isEmpty()) {
      return release();
    }
    pending.sort((a, b) -> Integer.compare(a.position(), b.position()));
    group = merge(pending);
    nextPosition = pending.isEmpty() ? Integer.MAX_VALUE : pending.get(0).position();
    return true;
  }

  /** Takes the first group out, with all that are at the same place. */
  private static PtxGroup merge(List<PtxGroup> groups) {
    PtxGroup first = groups.remove(0);
    while (!groups.isEmpty() && groups.get(0).position() == first.position()) {
      first.add(groups.remove(0));
    }
    return first;
  }

  private boolean release() {
    if (waiting.isEmpty()) {
      return false;
    }
    PtxGroup first = merge(waiting);
    if (!waiting.isEmpty()) {
      waiting.add(first);
      throw block.divergedBarrier(waiting);
    }
    group = first;
    nextPosition = Integer.MAX_VALUE;
    block.memory().barrier();
    return true;
  }

  /** Threads go on at another instruction. */
  void jump(int position, int[] which, int count) {
    if (count == group.count()) {
      group.moveTo(position);
      return;
    }
    pending.add(new PtxGroup(position, which, count));
    nextPosition = Math.min(nextPosition, position);
    group.remove(which, count);
  }

  /** Threads wait for the others. */
  void waitForAll(int[] which, int count) {
    waiting.add(new PtxGroup(group.position(), which, count));
    group.remove(which, count);
  }

  /** Threads end. */
  void end(int[] which, int count) {
    group.remove(which, count);
  }
}
