package dev.convoy.worker.cuda.simulation.ptx;

import java.util.Arrays;
import java.util.List;

/** Instructions that decide what a thread runs next, and those that wait for other threads. */
final class ControlFlow {
  private ControlFlow() {}

  /** The operation, or null where the instruction is none of these. */
  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    switch (statement.name()) {
      case "bra" -> {
        statement.requireModifiers("uni");
        return jump(scope.label(name(statement, 0)));
      }
      case "exit", "ret" -> {
        statement.requireModifiers("uni");
        return (block, threads, count) -> block.schedule().end(threads, count);
      }
      case "trap" -> {
        return (block, threads, count) -> {
          throw block.fault(threads[0], "gives up by itself");
        };
      }
      case "bar", "barrier" -> {
        return barrier(statement);
      }
      default -> {
        return null;
      }
    }
  }

  static PtxOperation jump(PtxLabel label) {
    return (block, threads, count) -> block.schedule().jump(label.position(), threads, count);
  }

  private static String name(PtxStatement statement, int operand) {
    if (statement.operand(operand) instanceof PtxOperand.Name name) {
      return name.name();
    }
    throw statement.unknown();
  }

  private static PtxOperation barrier(PtxStatement statement) {
    if (statement.has("warp")) {
      statement.requireModifiers("warp", "sync");
      return (block, threads, count) -> {
        for (int i = 0; i < count; i++) {
          if (i == 0 || threads[i] / 32 != threads[i - 1] / 32) {
            block.memory().warpBarrier(threads[i]);
          }
        }
      };
    }
    statement.requireModifiers("sync", "cta", "aligned");
    boolean whole =
        statement.has("sync") && statement.operands().equals(List.of(new PtxOperand.Literal(0)));
    if (!whole) {
      throw statement.unknown();
    }
    return (block, threads, count) -> block.schedule().waitForAll(threads, count);
  }

  /** A jump to one of several labels, by number. */
  static PtxOperation indexedJump(PtxStatement statement, PtxScope scope, List<PtxLabel> targets) {
    int index = scope.row(statement, statement.operand(0));
    return (block, threads, count) -> {
      long[] indices = block.row(index);
      int[] all = Arrays.copyOf(threads, count);
      int[] some = new int[threads.length];
      for (int target = 0; target < targets.size(); target++) {
        int chosen = 0;
        for (int thread : all) {
          if ((indices[thread] & 0xFFFFFFFFL) == target) {
            some[chosen++] = thread;
          }
        }
        if (chosen > 0) {
          block.schedule().jump(targets.get(target).position(), some, chosen);
        }
      }
    };
  }
}
