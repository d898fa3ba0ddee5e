package dev.convoy.worker.cuda.simulation.ptx;

import java.util.Arrays;

/** Instructions by which the 32 threads of a warp hand registers to each other. */
final class WarpOperations {
  private WarpOperations() {}

  /** The operation, or null where the instruction is none of these. */
  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    return statement.name().equals("shfl") ? shuffle(statement, scope) : null;
  }

  private static PtxOperation shuffle(PtxStatement statement, PtxScope scope) {
    statement.requireModifiers("sync", "up", "down", "bfly", "idx");
    String mode = statement.words().get(2);
    PtxOperand target = statement.operand(0);
    PtxOperand found = new PtxOperand.Name("_");
    if (target instanceof PtxOperand.Pair pair) {
      target = pair.first();
      found = pair.second();
    }
    int to = scope.destination(statement, target);
    int inRange = scope.destination(statement, found);
    int[] from = new int[4];
    for (int i = 0; i < from.length; i++) {
      from[i] = scope.row(statement, statement.operand(i + 1));
    }
    return (block, threads, count) -> {
      boolean[] present = new boolean[block.launch().threads()];
      for (int i = 0; i < count; i++) {
        present[threads[i]] = true;
      }
      long[] values = Arrays.copyOf(block.row(from[0]), present.length);
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        requireMembers(block, thread, block.row(from[3])[thread], present);
        int lane = thread % 32;
        int source =
            source(mode, lane, (int) block.row(from[1])[thread], (int) block.row(from[2])[thread]);
        int other = thread - lane + (source < 0 ? lane : source);
        if (other >= present.length || !present[other]) {
          throw block.fault(thread, "reads a register of thread " + other + ", which is elsewhere");
        }
        block.row(to)[thread] = values[other];
        block.row(inRange)[thread] = source < 0 ? 0 : 1;
      }
    };
  }

  private static void requireMembers(PtxBlock block, int thread, long members, boolean[] present) {
    int first = thread - thread % 32;
    for (int lane = 0; lane < 32 && first + lane < present.length; lane++) {
      if ((members >> lane & 1) != 0 && !present[first + lane]) {
        throw block.fault(thread, "waits for thread " + (first + lane) + ", which is elsewhere");
      }
    }
  }

  /** The lane that is read, or -1 where it is outside of the segment. */
  private static int source(String mode, int lane, int b, int c) {
    int mask = c >> 8 & 31;
    int clamp = c & 31;
    int maximum = (lane & mask) | (clamp & ~mask);
    int minimum = lane & mask;
    int amount = b & 31;
    int source =
        switch (mode) {
          case "up" -> lane - amount;
          case "down" -> lane + amount;
          case "bfly" -> lane ^ amount;
          default -> minimum | (amount & ~mask);
        };
    boolean inside = mode.equals("up") ? source >= maximum : source <= maximum;
    return inside ? source : -1;
  }
}
