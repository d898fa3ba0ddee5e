package dev.convoy.worker.cuda.simulation.ptx;

import static dev.convoy.worker.cuda.simulation.ptx.FloatValues.bits;
import static dev.convoy.worker.cuda.simulation.ptx.FloatValues.precise;
import static dev.convoy.worker.cuda.simulation.ptx.FloatValues.single;

import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/** The instruction that makes values of one type of those of another. */
final class Conversions {
  private Conversions() {}

  static PtxOperation decode(PtxStatement statement, PtxScope scope) {
    statement.requireModifiers("rn", "rz", "rm", "rp", "rni", "rzi", "rmi", "rpi", "sat", "ftz");
    if (statement.types().size() != 2) {
      throw statement.unknown();
    }
    PtxType to = statement.types().get(0);
    PtxType from = statement.types().get(1);
    return PtxFunctions.of(statement, scope, conversion(statement, to, from));
  }

  private static LongUnaryOperator conversion(PtxStatement statement, PtxType to, PtxType from) {
    if (from.isFloating()) {
      return to.isFloating() ? floats(statement, to, from) : toInteger(statement, to, from);
    }
    if (!to.isFloating()) {
      return statement.has("sat") ? a -> clamp(to, from, from.of(a)) : a -> to.of(from.of(a));
    }
    FloatRounding rounding = FloatRounding.of(statement);
    boolean signed = from.isSigned();
    if (to == PtxType.F32) {
      return a -> bits(rounding.ofInteger(from.of(a), signed));
    }
    return a -> bits(ofInteger(from.of(a), signed));
  }

  private static double ofInteger(long value, boolean signed) {
    if (signed || value >= 0) {
      return (double) value;
    }
    return new java.math.BigDecimal(Long.toUnsignedString(value)).doubleValue();
  }

  private static long clamp(PtxType to, PtxType from, long value) {
    boolean negative = from.isSigned() && value < 0;
    if (negative) {
      return to.isSigned() ? Math.max(value, to.smallest()) : 0;
    }
    return Long.compareUnsigned(value, to.largest()) > 0 ? to.largest() : value;
  }

  private static LongUnaryOperator floats(PtxStatement statement, PtxType to, PtxType from) {
    DoubleUnaryOperator whole = toWhole(statement);
    if (to == PtxType.F64) {
      return from == PtxType.F64
          ? a -> bits(whole.applyAsDouble(precise(a)))
          : a -> bits(whole.applyAsDouble(input(statement, from, a)));
    }
    FloatRounding rounding = FloatRounding.of(statement);
    boolean saturate = statement.has("sat");
    boolean flush = statement.has("ftz");
    return a -> {
      float result = rounding.round(whole.applyAsDouble(input(statement, from, a)), 0);
      if (flush) {
        result = FloatValues.flush(result);
      }
      return bits(saturate ? FloatValues.saturate(result) : result);
    };
  }

  private static double input(PtxStatement statement, PtxType from, long a) {
    if (from == PtxType.F64) {
      return precise(a);
    }
    return statement.has("ftz") ? FloatValues.flush(single(a)) : single(a);
  }

  /** Rounds to a whole number as the instruction names it, if it does. */
  private static DoubleUnaryOperator toWhole(PtxStatement statement) {
    if (statement.has("rni")) {
      return Math::rint;
    }
    if (statement.has("rmi")) {
      return Math::floor;
    }
    if (statement.has("rpi")) {
      return Math::ceil;
    }
    return statement.has("rzi") ? a -> a < 0 ? Math.ceil(a) : Math.floor(a) : a -> a;
  }

  /** What is outside of the type's range becomes its nearest end. */
  private static LongUnaryOperator toInteger(PtxStatement statement, PtxType to, PtxType from) {
    DoubleUnaryOperator whole = toWhole(statement);
    boolean zeroForNan = from == PtxType.F32 && to.bytes() < 8;
    long forNan = zeroForNan ? 0 : 1L << (to.bits() - 1);
    return a -> {
      double value = whole.applyAsDouble(input(statement, from, a));
      if (Double.isNaN(value)) {
        return to.of(forNan);
      }
      if (to.isSigned() || to.bytes() < 8) {
        return Math.max(to.smallest(), Math.min(to.largest(), (long) value));
      }
      return unsignedLong(value);
    };
  }

  private static long unsignedLong(double value) {
    if (value < 0x1p63) {
      return Math.max(0, (long) value);
    }
    return value >= 0x1p64 ? -1 : (long) (value - 0x1p63) + Long.MIN_VALUE;
  }
}
