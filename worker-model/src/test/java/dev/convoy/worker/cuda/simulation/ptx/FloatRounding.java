package dev.convoy.worker.cuda.simulation.ptx;

/** Rounding to single precision, and what PTX says of numbers that are none. */
enum FloatRounding {
  NEAREST("rn"),
  TO_ZERO("rz"),
  DOWN("rm"),
  UP("rp");

  private final String modifier;

  FloatRounding(String modifier) {
    this.modifier = modifier;
  }

  /** The rounding that an instruction names; to the nearest where it names none. */
  static FloatRounding of(PtxStatement statement) {
    for (FloatRounding rounding : values()) {
      if (statement.has(rounding.modifier)) {
        return rounding;
      }
    }
    return NEAREST;
  }

  /** The float for an exact sum of two numbers, the second of which is less than half an ulp. */
  float round(double high, double low) {
    float nearest = (float) high;
    double rest = high - nearest + low;
    if (this == NEAREST) {
      return nearest(high, low, nearest);
    }
    boolean down = this == DOWN || (this == TO_ZERO && nearest > 0);
    boolean up = this == UP || (this == TO_ZERO && nearest < 0);
    if (rest < 0 && down) {
      return Math.nextDown(nearest);
    }
    return rest > 0 && up ? Math.nextUp(nearest) : nearest;
  }

  /** Where the first number is half way between two floats, the second decides. */
  private static float nearest(double high, double low, float nearest) {
    if (low == 0 || high == nearest) {
      return nearest;
    }
    float other = high > nearest ? Math.nextUp(nearest) : Math.nextDown(nearest);
    boolean half = high - nearest == other - high;
    return half && low < 0 == other < nearest ? other : nearest;
  }

  /** a + b. */
  float add(float a, float b) {
    double sum = (double) a + b;
    return this == NEAREST ? a + b : round(sum, sumError(a, b, sum));
  }

  /** a × b. */
  float multiply(float a, float b) {
    return this == NEAREST ? a * b : round((double) a * b, 0);
  }

  /** a × b + c, rounded once. */
  float multiplyAdd(float a, float b, float c) {
    if (this == NEAREST) {
      return Math.fma(a, b, c);
    }
    double product = (double) a * b;
    double sum = product + c;
    return round(sum, sumError(product, c, sum));
  }

  /** What a sum in double precision lacks; 0 where it is not finite. */
  private static double sumError(double a, double b, double sum) {
    if (Double.isNaN(sum) || Double.isInfinite(sum)) {
      return 0;
    }
    double second = sum - a;
    return a - (sum - second) + (b - second);
  }

  /** An integer of 64 bits as a float. */
  float ofInteger(long value, boolean signed) {
    double high = (double) (signed ? value >> 32 : value >>> 32) * 0x1p32;
    double low = (double) (value & 0xFFFFFFFFL);
    double sum = high + low;
    return round(sum, sumError(high, low, sum));
  }
}
