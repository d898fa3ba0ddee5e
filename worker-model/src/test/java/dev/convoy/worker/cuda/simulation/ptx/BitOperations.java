package dev.convoy.worker.cuda.simulation.ptx;

import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Instructions that compute with bits. */
final class BitOperations {
  private BitOperations() {}

  /** The operation, or null where the instruction is none of these. */
  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    PtxType type = statement.type();
    switch (statement.name()) {
      case "and", "or", "xor", "shl", "shr" -> {
        statement.requireModifiers();
        return PtxFunctions.of(statement, scope, binary(statement, type));
      }
      case "not", "cnot", "popc", "clz", "brev" -> {
        statement.requireModifiers();
        return PtxFunctions.of(statement, scope, unary(statement, type));
      }
      case "bfe" -> {
        statement.requireModifiers();
        return PtxFunctions.of(
            statement, scope, (a, b, c) -> extract(type, a, (int) b & 0xFF, (int) c & 0xFF));
      }
      case "bfi" -> {
        statement.requireModifiers();
        return insertion(statement, scope, type);
      }
      case "prmt" -> {
        statement.requireModifiers();
        return PtxFunctions.of(statement, scope, BitOperations::permute);
      }
      case "shf" -> {
        return funnelShift(statement, scope);
      }
      case "lop3" -> {
        return logic(statement, scope);
      }
      default -> {
        return null;
      }
    }
  }

  private static LongBinaryOperator binary(PtxStatement statement, PtxType type) {
    int bits = type.bits();
    return switch (statement.name()) {
      case "and" -> (a, b) -> a & b;
      case "or" -> (a, b) -> a | b;
      case "xor" -> (a, b) -> a ^ b;
      case "shl" -> (a, b) -> (b & 0xFFFFFFFFL) >= bits ? 0 : a << b;
      default ->
          type.isSigned()
              ? (a, b) -> type.of(a) >> Math.min(b & 0xFFFFFFFFL, bits - 1)
              : (a, b) -> (b & 0xFFFFFFFFL) >= bits ? 0 : type.of(a) >>> b;
    };
  }

  private static LongUnaryOperator unary(PtxStatement statement, PtxType type) {
    int unused = 64 - type.bits();
    return switch (statement.name()) {
      case "not" -> type == PtxType.PRED ? a -> ~a & 1 : a -> ~a;
      case "cnot" -> a -> type.of(a) == 0 ? 1 : 0;
      case "popc" -> a -> Long.bitCount(type.of(a));
      case "clz" -> a -> Long.numberOfLeadingZeros(type.of(a)) - unused;
      default -> a -> Long.reverse(a) >>> unused;
    };
  }

  /** Bits of a from a position on, with the sign of the last where the type has one. */
  private static long extract(PtxType type, long a, int position, int length) {
    long value = type.of(a);
    if (length == 0) {
      return 0;
    }
    long shifted =
        position >= type.bits() ? (type.isSigned() && value < 0 ? -1 : 0) : value >> position;
    int kept = Math.min(length, type.bits());
    if (!type.isSigned()) {
      return position >= type.bits() ? 0 : value >>> position & -1L >>> (64 - kept);
    }
    int last = Math.min(position + length - 1, type.bits() - 1);
    long sign = value >> last & 1;
    long mask = -1L >>> (64 - kept);
    return sign == 0 ? shifted & mask : shifted | ~mask;
  }

  private static PtxOperation insertion(PtxStatement statement, PtxScope scope, PtxType type) {
    int to = scope.destination(statement, statement.operand(0));
    int[] from = new int[4];
    for (int i = 0; i < 4; i++) {
      from[i] = scope.row(statement, statement.operand(i + 1));
    }
    return (block, threads, count) -> {
      for (int i = 0; i < count; i++) {
        int thread = threads[i];
        long position = block.row(from[2])[thread] & 0xFF;
        long length = Math.min(block.row(from[3])[thread] & 0xFF, type.bits());
        long mask = length == 0 || position >= type.bits() ? 0 : -1L >>> (64 - length) << position;
        block.row(to)[thread] =
            (block.row(from[1])[thread] & ~mask)
                | ((block.row(from[0])[thread] << position) & mask);
      }
    };
  }

  /** Picks four of the eight bytes of a and b, each perhaps replaced by its sign. */
  private static long permute(long a, long b, long selection) {
    long bytes = (a & 0xFFFFFFFFL) | (b << 32);
    long result = 0;
    for (int i = 0; i < 4; i++) {
      long choice = (selection >> (4 * i)) & 0xF;
      long chosen = (bytes >> (8 * (choice & 7))) & 0xFF;
      if ((choice & 8) != 0) {
        chosen = (chosen & 0x80) == 0 ? 0 : 0xFF;
      }
      result |= chosen << (8 * i);
    }
    return result;
  }

  private static PtxOperation funnelShift(PtxStatement statement, PtxScope scope) {
    statement.requireModifiers("l", "r", "wrap", "clamp");
    boolean left = statement.has("l");
    boolean wrap = statement.has("wrap");
    return PtxFunctions.of(
        statement,
        scope,
        (low, high, amount) -> {
          long count = wrap ? amount & 31 : Math.min(amount & 0xFFFFFFFFL, 32);
          long both = (low & 0xFFFFFFFFL) | (high << 32);
          return left ? (count == 32 ? low : both << count >>> 32) : both >>> count;
        });
  }

  /** Any function of three bits, given by its table. */
  private static PtxOperation logic(PtxStatement statement, PtxScope scope) {
    statement.requireModifiers();
    if (!(statement.operand(4) instanceof PtxOperand.Literal table)) {
      throw statement.unknown();
    }
    return PtxFunctions.of(
        statement,
        scope,
        (a, b, c) -> {
          long result = 0;
          for (int i = 0; i < 8; i++) {
            if ((table.bits() >> i & 1) != 0) {
              result |= ((i & 4) == 0 ? ~a : a) & ((i & 2) == 0 ? ~b : b) & ((i & 1) == 0 ? ~c : c);
            }
          }
          return result;
        });
  }
}
