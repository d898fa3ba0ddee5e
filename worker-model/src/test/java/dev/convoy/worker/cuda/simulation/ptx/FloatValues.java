package dev.convoy.worker.cuda.simulation.ptx;

/** Floats in registers, and what PTX says of numbers that are none or too small. */
final class FloatValues {
  private static final long NAN = 0x7FFFFFFFL;

  private FloatValues() {}

  static float single(long register) {
    return Float.intBitsToFloat((int) register);
  }

  static double precise(long register) {
    return Double.longBitsToDouble(register);
  }

  /** The bits of a result; what is no number has the bits that devices give it. */
  static long bits(float value) {
    return Float.isNaN(value) ? NAN : Float.floatToRawIntBits(value) & 0xFFFFFFFFL;
  }

  static long bits(double value) {
    return Double.doubleToLongBits(value);
  }

  /** A zero with its sign instead of a number without a leading one. */
  static float flush(float value) {
    return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0, value) : value;
  }

  /** Within 0 and 1; 0 where it is no number. */
  static float saturate(float value) {
    return value >= 1 ? 1 : value > 0 ? value : 0;
  }

  /** The smaller one, or the one that is a number. */
  static double minimum(double a, double b) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
  }

  /** The larger one, or the one that is a number. */
  static double maximum(double a, double b) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
  }
}
