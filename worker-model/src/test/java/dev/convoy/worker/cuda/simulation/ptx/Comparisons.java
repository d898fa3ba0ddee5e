package dev.convoy.worker.cuda.simulation.ptx;

import static dev.convoy.worker.cuda.simulation.ptx.FloatValues.precise;
import static dev.convoy.worker.cuda.simulation.ptx.FloatValues.single;

import java.util.function.LongBinaryOperator;

/** Instructions that compare, and those that choose by what was compared. */
final class Comparisons {
  private interface Comparison {
    boolean holds(long a, long b);
  }

  private interface Relation {
    boolean holds(double x, double y);
  }

  private Comparisons() {}

  /** The operation, or null where the instruction is none of these. */
  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    return switch (statement.name()) {
      case "setp" -> comparison(statement, scope);
      case "selp" -> {
        statement.requireModifiers();
        yield PtxFunctions.of(statement, scope, (a, b, c) -> (c & 1) != 0 ? a : b);
      }
      case "testp" -> test(statement, scope);
      default -> null;
    };
  }

  private static PtxOperation comparison(PtxStatement statement, PtxScope scope) {
    PtxType type = statement.type();
    Comparison comparison =
        type.isFloating() ? floating(statement, type) : integer(statement, type);
    boolean pair = statement.operand(0) instanceof PtxOperand.Pair;
    if (pair || statement.operands().size() > 3) {
      return combined(statement, scope, comparison);
    }
    return PtxFunctions.of(statement, scope, (a, b) -> comparison.holds(a, b) ? 1 : 0);
  }

  /** With a second result, or a predicate that the first is combined with. */
  private static PtxOperation combined(
      PtxStatement statement, PtxScope scope, Comparison comparison) {
    PtxOperand target = statement.operand(0);
    PtxOperand other = new PtxOperand.Name("_");
    if (target instanceof PtxOperand.Pair pair) {
      target = pair.first();
      other = pair.second();
    }
    int to = scope.destination(statement, target);
    int complement = scope.destination(statement, other);
    int a = scope.row(statement, statement.operand(1));
    int b = scope.row(statement, statement.operand(2));
    boolean alone = statement.operands().size() == 3;
    int with = alone ? a : scope.row(statement, statement.operand(3));
    LongBinaryOperator combine = combination(alone ? "none" : statement.words().get(2));
    return (block, threads, count) -> {
      long[] first = block.row(a);
      long[] second = block.row(b);
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        long holds = comparison.holds(first[thread], second[thread]) ? 1 : 0;
        long third = block.row(with)[thread] & 1;
        block.row(to)[thread] = combine.applyAsLong(holds, third);
        block.row(complement)[thread] = combine.applyAsLong(1 - holds, third);
      }
    };
  }

  private static LongBinaryOperator combination(String how) {
    return switch (how) {
      case "and" -> (a, b) -> a & b;
      case "or" -> (a, b) -> a | b;
      case "xor" -> (a, b) -> a ^ b;
      default -> (a, b) -> a;
    };
  }

  private static Comparison integer(PtxStatement statement, PtxType type) {
    statement.requireModifiers(
        "eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "and", "or", "xor");
    return switch (statement.words().get(1)) {
      case "eq" -> (a, b) -> type.of(a) == type.of(b);
      case "ne" -> (a, b) -> type.of(a) != type.of(b);
      case "lt", "lo" -> (a, b) -> IntegerArithmetic.compare(type, a, b) < 0;
      case "le", "ls" -> (a, b) -> IntegerArithmetic.compare(type, a, b) <= 0;
      case "gt", "hi" -> (a, b) -> IntegerArithmetic.compare(type, a, b) > 0;
      case "ge", "hs" -> (a, b) -> IntegerArithmetic.compare(type, a, b) >= 0;
      default -> throw statement.unknown();
    };
  }

  private static Comparison floating(PtxStatement statement, PtxType type) {
    statement.requireModifiers(
        "eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan",
        "ftz", "and", "or", "xor");
    Relation relation = relation(statement);
    if (type == PtxType.F64) {
      return (a, b) -> relation.holds(precise(a), precise(b));
    }
    if (statement.has("ftz")) {
      return (a, b) -> relation.holds(FloatValues.flush(single(a)), FloatValues.flush(single(b)));
    }
    return (a, b) -> relation.holds(single(a), single(b));
  }

  /** One that ends with u holds, too, where one of the two is no number. */
  private static Relation relation(PtxStatement statement) {
    return switch (statement.words().get(1)) {
      case "eq" -> (x, y) -> x == y;
      case "ne" -> (x, y) -> x < y || x > y;
      case "lt" -> (x, y) -> x < y;
      case "le" -> (x, y) -> x <= y;
      case "gt" -> (x, y) -> x > y;
      case "ge" -> (x, y) -> x >= y;
      case "equ" -> (x, y) -> !(x < y || x > y);
      case "neu" -> (x, y) -> x != y;
      case "ltu" -> (x, y) -> !(x >= y);
      case "leu" -> (x, y) -> !(x > y);
      case "gtu" -> (x, y) -> !(x <= y);
      case "geu" -> (x, y) -> !(x < y);
      case "num" -> (x, y) -> !Double.isNaN(x) && !Double.isNaN(y);
      case "nan" -> (x, y) -> Double.isNaN(x) || Double.isNaN(y);
      default -> throw statement.unknown();
    };
  }

  private static PtxOperation test(PtxStatement statement, PtxScope scope) {
    statement.requireModifiers("finite", "infinite", "number", "notanumber", "normal", "subnormal");
    PtxType type = statement.type();
    double leastNormal = type == PtxType.F64 ? Double.MIN_NORMAL : Float.MIN_NORMAL;
    String property = statement.words().get(1);
    return PtxFunctions.of(
        statement,
        scope,
        a -> {
          double x = Math.abs(type == PtxType.F64 ? precise(a) : single(a));
          boolean finite = x <= Double.MAX_VALUE;
          boolean holds =
              switch (property) {
                case "finite" -> finite;
                case "infinite" -> Double.isInfinite(x);
                case "number" -> !Double.isNaN(x);
                case "notanumber" -> Double.isNaN(x);
                case "normal" -> finite && x >= leastNormal;
                default -> x != 0 && x < leastNormal;
              };
          return holds ? 1 : 0;
        });
  }
}
