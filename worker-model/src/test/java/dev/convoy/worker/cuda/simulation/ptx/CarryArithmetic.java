package dev.convoy.worker.cuda.simulation.ptx;

import java.util.List;
import java.util.function.LongBinaryOperator;

/** Instructions that hand a carry to each other, for integers of more than one register. */
final class CarryArithmetic {
  private CarryArithmetic() {}

  /** The operation, or null where the instruction is none of these. */
  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    boolean takes = List.of("addc", "subc", "madc").contains(statement.name());
    boolean known = takes || List.of("add", "sub", "mad").contains(statement.name());
    if (!known || (!takes && !statement.has("cc"))) {
      return null;
    }
    statement.requireModifiers("cc", "lo", "hi");
    return statement.name().startsWith("mad")
        ? productSum(statement, scope, takes)
        : sum(statement, scope, takes);
  }

  private static PtxOperation sum(PtxStatement statement, PtxScope scope, boolean takes) {
    boolean subtract = statement.name().startsWith("sub");
    int a = scope.row(statement, statement.operand(1));
    int b = scope.row(statement, statement.operand(2));
    Sum sum = new Sum(statement, scope, takes);
    return (block, threads, count) -> {
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        long second = block.row(b)[thread];
        if (subtract) {
          sum.subtract(block, thread, block.row(a)[thread], second);
        } else {
          sum.add(block, thread, block.row(a)[thread], second);
        }
      }
    };
  }

  private static PtxOperation productSum(PtxStatement statement, PtxScope scope, boolean takes) {
    int a = scope.row(statement, statement.operand(1));
    int b = scope.row(statement, statement.operand(2));
    int c = scope.row(statement, statement.operand(3));
    LongBinaryOperator product = IntegerArithmetic.product(statement, statement.type());
    Sum sum = new Sum(statement, scope, takes);
    return (block, threads, count) -> {
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        long first = product.applyAsLong(block.row(a)[thread], block.row(b)[thread]);
        sum.add(block, thread, first, block.row(c)[thread]);
      }
    };
  }

  /** A sum or difference with a carry, which is kept in a row of its own. */
  private static final class Sum {
    private final PtxType type;
    private final boolean takes;
    private final boolean gives;
    private final int to;
    private final int carry;

    Sum(PtxStatement statement, PtxScope scope, boolean takes) {
      type = statement.type().bytes() == 4 ? PtxType.U32 : PtxType.U64;
      this.takes = takes;
      gives = statement.has("cc");
      to = scope.destination(statement, statement.operand(0));
      carry = scope.rows().held("carry", 0);
    }

    void add(PtxBlock block, int thread, long a, long b) {
      long taken = takes ? block.row(carry)[thread] : 0;
      long first = type.of(type.of(a) + type.of(b));
      long result = type.of(first + taken);
      boolean over =
          Long.compareUnsigned(first, type.of(a)) < 0 || Long.compareUnsigned(result, first) < 0;
      finish(block, thread, result, over);
    }

    void subtract(PtxBlock block, int thread, long a, long b) {
      long taken = takes ? block.row(carry)[thread] : 0;
      long first = type.of(type.of(a) - type.of(b));
      long result = type.of(first - taken);
      boolean under =
          Long.compareUnsigned(type.of(a), type.of(b)) < 0
              || Long.compareUnsigned(first, taken) < 0;
      finish(block, thread, result, under);
    }

    private void finish(PtxBlock block, int thread, long result, boolean carried) {
      block.row(to)[thread] = result;
      if (gives) {
        block.row(carry)[thread] = carried ? 1 : 0;
      }
    }
  }
}
