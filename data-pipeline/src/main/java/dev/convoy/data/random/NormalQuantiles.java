package dev.convoy.data.random;

/**
 * Quantiles of the standard normal distribution at the middles of 65,536 equal parts, from -4.3 to
 * 4.3: a uniform number of 16 bits picks a normal one, at the cost of a look into a table. For
 * noise that is rounded to few levels; where tails matter there is {@link
 * KeyedRandom#nextGaussian}.
 */
public final class NormalQuantiles {
  /** How many numbers the bits of a long pick. */
  public static final int PER_LONG = Long.SIZE / Short.SIZE;

  private static final int COUNT = 1 << Short.SIZE;

  /** The distribution function is summed up over cells of this width, from minus the limit on. */
  private static final double CELL = 1.0 / 4096;

  private static final double LIMIT = 6;

  private static final float[] QUANTILES = quantiles();

  private NormalQuantiles() {}

  /** The quantile that 16 random bits pick. */
  public static float at(short bits) {
    return QUANTILES[bits & 0xffff];
  }

  private static float[] quantiles() {
    float[] quantiles = new float[COUNT];
    double left = -LIMIT;
    double below = 0;
    for (int i = 0; i < COUNT; i++) {
      double wanted = (i + 0.5) / COUNT;
      double cell = density(left + CELL / 2) * CELL;
      while (below + cell < wanted) {
        below += cell;
        left += CELL;
        cell = density(left + CELL / 2) * CELL;
      }
      quantiles[i] = (float) (left + CELL * (wanted - below) / cell);
    }
    return quantiles;
  }

  private static double density(double x) {
    return StrictMath.exp(-x * x / 2) / StrictMath.sqrt(2 * StrictMath.PI);
  }
}
