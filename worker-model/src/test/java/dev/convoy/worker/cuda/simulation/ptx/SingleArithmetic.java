package dev.convoy.worker.cuda.simulation.ptx;

import static dev.convoy.worker.cuda.simulation.ptx.FloatValues.bits;
import static dev.convoy.worker.cuda.simulation.ptx.FloatValues.single;

import java.util.function.DoubleUnaryOperator;

/**
 * Instructions that compute in single precision. What PTX calls approximate is computed in double
 * precision here, so it differs from a device in its last bits.
 */
final class SingleArithmetic {
  private interface Unary {
    float apply(float a);
  }

  private interface Binary {
    float apply(float a, float b);
  }

  private interface Ternary {
    float apply(float a, float b, float c);
  }

  private SingleArithmetic() {}

  /** The operation, or null where the instruction is none of these. */
  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    FloatRounding rounding = FloatRounding.of(statement);
    switch (statement.name()) {
      case "neg", "abs", "copysign" -> {
        return signs(statement, scope);
      }
      case "fma", "mad" -> {
        return ternary(statement, scope, rounding::multiplyAdd);
      }
      case "add" -> {
        return binary(statement, scope, rounding::add);
      }
      case "sub" -> {
        return binary(statement, scope, (a, b) -> rounding.add(a, -b));
      }
      case "mul" -> {
        return binary(statement, scope, rounding::multiply);
      }
      case "div" -> {
        return binary(statement, scope, SingleArithmetic::divide, "approx", "full", "rn");
      }
      case "min" -> {
        return binary(statement, scope, (a, b) -> (float) FloatValues.minimum(a, b));
      }
      case "max" -> {
        return binary(statement, scope, (a, b) -> (float) FloatValues.maximum(a, b));
      }
      default -> {
        DoubleUnaryOperator function = function(statement);
        return function == null
            ? null
            : unary(statement, scope, a -> (float) function.applyAsDouble(a));
      }
    }
  }

  private static float divide(float a, float b) {
    return a / b;
  }

  private static DoubleUnaryOperator function(PtxStatement statement) {
    boolean exact = statement.has("rn");
    return switch (statement.name()) {
      case "rcp" -> a -> 1 / a;
      case "sqrt" -> Math::sqrt;
      case "rsqrt" -> exact ? null : a -> 1 / Math.sqrt(a);
      case "ex2" -> exact ? null : a -> Math.pow(2, a);
      case "lg2" -> exact ? null : a -> Math.log(a) / Math.log(2);
      case "sin" -> exact ? null : Math::sin;
      case "cos" -> exact ? null : Math::cos;
      default -> null;
    };
  }

  private static PtxOperation unary(PtxStatement statement, PtxScope scope, Unary function) {
    statement.requireModifiers("rn", "approx", "ftz");
    if (statement.has("ftz")) {
      return PtxFunctions.of(
          statement,
          scope,
          a -> bits(FloatValues.flush(function.apply(FloatValues.flush(single(a))))));
    }
    return PtxFunctions.of(statement, scope, a -> bits(function.apply(single(a))));
  }

  private static PtxOperation binary(
      PtxStatement statement, PtxScope scope, Binary function, String... roundings) {
    statement.requireModifiers(
        roundings.length > 0
            ? new String[] {"ftz", roundings[0], roundings[1], roundings[2]}
            : new String[] {"ftz", "sat", "rn", "rz", "rm", "rp"});
    Binary flushed =
        statement.has("ftz")
            ? (a, b) ->
                FloatValues.flush(function.apply(FloatValues.flush(a), FloatValues.flush(b)))
            : function;
    if (statement.has("sat")) {
      return PtxFunctions.of(
          statement,
          scope,
          (a, b) -> bits(FloatValues.saturate(flushed.apply(single(a), single(b)))));
    }
    return PtxFunctions.of(statement, scope, (a, b) -> bits(flushed.apply(single(a), single(b))));
  }

  private static PtxOperation ternary(PtxStatement statement, PtxScope scope, Ternary function) {
    statement.requireModifiers("ftz", "sat", "rn", "rz", "rm", "rp");
    Ternary flushed =
        statement.has("ftz")
            ? (a, b, c) ->
                FloatValues.flush(
                    function.apply(
                        FloatValues.flush(a), FloatValues.flush(b), FloatValues.flush(c)))
            : function;
    if (statement.has("sat")) {
      return PtxFunctions.of(
          statement,
          scope,
          (a, b, c) -> bits(FloatValues.saturate(flushed.apply(single(a), single(b), single(c)))));
    }
    return PtxFunctions.of(
        statement, scope, (a, b, c) -> bits(flushed.apply(single(a), single(b), single(c))));
  }

  private static PtxOperation signs(PtxStatement statement, PtxScope scope) {
    statement.requireModifiers();
    long sign = 0x80000000L;
    return switch (statement.name()) {
      case "neg" -> PtxFunctions.of(statement, scope, a -> a ^ sign);
      case "abs" -> PtxFunctions.of(statement, scope, a -> a & ~sign);
      default -> PtxFunctions.of(statement, scope, (a, b) -> (b & ~sign) | (a & sign));
    };
  }
}
