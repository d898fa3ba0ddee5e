package dev.convoy.worker.cuda.simulation.ptx;

import static dev.convoy.worker.cuda.simulation.ptx.FloatValues.bits;
import static dev.convoy.worker.cuda.simulation.ptx.FloatValues.precise;

import java.util.function.DoubleBinaryOperator;

/** Instructions that compute in double precision. */
final class DoubleArithmetic {
  private DoubleArithmetic() {}

  /** The operation, or null where the instruction is none of these. */
  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    statement.requireModifiers("rn", "approx", "ftz");
    DoubleBinaryOperator binary = binary(statement);
    if (binary != null) {
      return PtxFunctions.of(
          statement, scope, (a, b) -> bits(binary.applyAsDouble(precise(a), precise(b))));
    }
    long sign = Long.MIN_VALUE;
    return switch (statement.name()) {
      case "fma", "mad" ->
          PtxFunctions.of(
              statement, scope, (a, b, c) -> bits(Math.fma(precise(a), precise(b), precise(c))));
      case "neg" -> PtxFunctions.of(statement, scope, a -> a ^ sign);
      case "abs" -> PtxFunctions.of(statement, scope, a -> a & ~sign);
      case "copysign" -> PtxFunctions.of(statement, scope, (a, b) -> (b & ~sign) | (a & sign));
      case "sqrt" -> PtxFunctions.of(statement, scope, a -> bits(Math.sqrt(precise(a))));
      case "rcp" -> PtxFunctions.of(statement, scope, a -> bits(reciprocal(statement, a)));
      case "rsqrt" -> PtxFunctions.of(statement, scope, a -> bits(1 / Math.sqrt(precise(a))));
      default -> null;
    };
  }

  private static DoubleBinaryOperator binary(PtxStatement statement) {
    return switch (statement.name()) {
      case "add" -> Double::sum;
      case "sub" -> (a, b) -> a - b;
      case "mul" -> (a, b) -> a * b;
      case "div" -> (a, b) -> a / b;
      case "min" -> FloatValues::minimum;
      case "max" -> FloatValues::maximum;
      default -> null;
    };
  }

  /** The approximate one has zeros in the lower half of its bits. */
  private static double reciprocal(PtxStatement statement, long a) {
    double exact = 1 / precise(a);
    return statement.has("rn")
        ? exact
        : precise(Double.doubleToRawLongBits(exact) & 0xFFFFFFFF00000000L);
  }
}
