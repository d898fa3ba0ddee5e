package dev.convoy.worker.cuda.simulation.ptx;

import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Operations that compute a row from rows. */
final class PtxFunctions {
  /** A function of three registers' values. */
  interface Ternary {
    long apply(long a, long b, long c);
  }

  private PtxFunctions() {}

  static PtxOperation of(PtxStatement statement, PtxScope scope, LongUnaryOperator function) {
    int to = scope.destination(statement, statement.operand(0));
    int a = scope.row(statement, statement.operand(1));
    return unary(to, a, function);
  }

  static PtxOperation of(PtxStatement statement, PtxScope scope, LongBinaryOperator function) {
    int to = scope.destination(statement, statement.operand(0));
    int a = scope.row(statement, statement.operand(1));
    int b = scope.row(statement, statement.operand(2));
    return (block, threads, count) -> {
      long[] result = block.row(to);
      long[] first = block.row(a);
      long[] second = block.row(b);
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        result[thread] = function.applyAsLong(first[thread], second[thread]);
      }
    };
  }

  static PtxOperation of(PtxStatement statement, PtxScope scope, Ternary function) {
    int to = scope.destination(statement, statement.operand(0));
    int a = scope.row(statement, statement.operand(1));
    int b = scope.row(statement, statement.operand(2));
    int c = scope.row(statement, statement.operand(3));
    return (block, threads, count) -> {
      long[] result = block.row(to);
      long[] first = block.row(a);
      long[] second = block.row(b);
      long[] third = block.row(c);
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        result[thread] = function.apply(first[thread], second[thread], third[thread]);
      }
    };
  }

  static PtxOperation unary(int to, int a, LongUnaryOperator function) {
    return (block, threads, count) -> {
      long[] result = block.row(to);
      long[] first = block.row(a);
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        result[thread] = function.applyAsLong(first[thread]);
      }
    };
  }
}
