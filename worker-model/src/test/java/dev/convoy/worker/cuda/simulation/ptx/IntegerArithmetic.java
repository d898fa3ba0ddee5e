package dev.convoy.worker.cuda.simulation.ptx;

import java.util.function.LongBinaryOperator;

/** Instructions that compute with integers. */
final class IntegerArithmetic {
  private IntegerArithmetic() {}

  /** The operation, or null where the instruction is none of these. */
  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    PtxType type = statement.type();
    switch (statement.name()) {
      case "add", "sub", "div", "rem", "min", "max" -> {
        statement.requireModifiers();
        return PtxFunctions.of(statement, scope, binary(statement, type));
      }
      case "mul" -> {
        statement.requireModifiers("lo", "hi", "wide");
        return PtxFunctions.of(statement, scope, product(statement, type));
      }
      case "mad" -> {
        statement.requireModifiers("lo", "hi", "wide");
        LongBinaryOperator product = product(statement, type);
        return PtxFunctions.of(statement, scope, (a, b, c) -> product.applyAsLong(a, b) + c);
      }
      case "neg" -> {
        statement.requireModifiers();
        return PtxFunctions.of(statement, scope, a -> -a);
      }
      case "abs" -> {
        statement.requireModifiers();
        return PtxFunctions.of(statement, scope, a -> Math.abs(type.of(a)));
      }
      default -> {
        return null;
      }
    }
  }

  private static LongBinaryOperator binary(PtxStatement statement, PtxType type) {
    boolean unsignedLong = type.bytes() == 8 && !type.isSigned();
    return switch (statement.name()) {
      case "add" -> (a, b) -> a + b;
      case "sub" -> (a, b) -> a - b;
      case "div" -> unsignedLong ? Long::divideUnsigned : (a, b) -> type.of(a) / type.of(b);
      case "rem" -> unsignedLong ? Long::remainderUnsigned : (a, b) -> type.of(a) % type.of(b);
      case "min" -> (a, b) -> compare(type, a, b) <= 0 ? a : b;
      default -> (a, b) -> compare(type, a, b) >= 0 ? a : b;
    };
  }

  /** Compares two registers' values as this type has them. */
  static int compare(PtxType type, long a, long b) {
    return type.bytes() == 8 && !type.isSigned()
        ? Long.compareUnsigned(a, b)
        : Long.compare(type.of(a), type.of(b));
  }

  /** The product's lower or upper half, or all of it. */
  static LongBinaryOperator product(PtxStatement statement, PtxType type) {
    if (statement.has("wide")) {
      return (a, b) -> type.of(a) * type.of(b);
    }
    if (statement.has("lo")) {
      return (a, b) -> a * b;
    }
    if (!statement.has("hi")) {
      throw statement.unknown();
    }
    if (type.bytes() < 8) {
      return type.isSigned()
          ? (a, b) -> (type.of(a) * type.of(b)) >> type.bits()
          : (a, b) -> (type.of(a) * type.of(b)) >>> type.bits();
    }
    return type.isSigned() ? Math::multiplyHigh : IntegerArithmetic::unsignedMultiplyHigh;
  }

  private static long unsignedMultiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
  }
}
