package dev.convoy.data.random;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A SplitMix64 generator whose whole sequence is a pure function of its key: seed, purpose and
 * coordinates such as epoch, shard or example. Two generators with the same key give the same
 * numbers on every machine and every JDK, since every derived method is implemented here.
 *
 * <p>Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
 * Instances are cheap, meant to be created per use, and not thread-safe.
 */
public final class KeyedRandom implements RandomGenerator {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private static final long MULTIPLIER = 0xd1342543de82ef95L;
  private static final double DOUBLE_UNIT = 0x1.0p-53;
  private static final float FLOAT_UNIT = 0x1.0p-24f;

  private long state;
  private double spareGaussian;
  private boolean hasSpareGaussian;

  private KeyedRandom(long state) {
    this.state = state;
  }

  /** The generator of one key. */
  public static KeyedRandom of(long seed, Purpose purpose, long... coordinates) {
    return new KeyedRandom(key(seed, purpose, coordinates));
  }

  /** The key itself: 64 well mixed bits, different for every seed, purpose and coordinates. */
  public static long key(long seed, Purpose purpose, long... coordinates) {
    long key = mix(seed + GOLDEN_GAMMA);
    key = absorb(key, purpose.code());
    key = absorb(key, coordinates.length);
    for (long coordinate : coordinates) {
      key = absorb(key, coordinate);
    }
    return key;
  }

  /** The SplitMix64 finalizer: a bijection of 64 bits in which every input bit matters. */
  public static long mix(long value) {
    long mixed = value;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  @Override
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  @Override
  public int nextInt() {
    return (int) (nextLong() >>> 32);
  }

  /**
   * A number from 0 (inclusive) to {@code bound} (exclusive), without bias (Lemire, "Fast Random
   * Integer Generation in an Interval", 2019).
   */
  @Override
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException(
          "Cannot draw a number: expected a positive bound, found " + bound + ".");
    }
    long product = (nextLong() >>> 32) * bound;
    long low = product & 0xffffffffL;
    if (low < bound) {
      long threshold = (1L << 32) % bound;
      while (low < threshold) {
        product = (nextLong() >>> 32) * bound;
        low = product & 0xffffffffL;
      }
    }
    return (int) (product >>> 32);
  }

  /** A number from {@code origin} (inclusive) to {@code bound} (exclusive), without bias. */
  @Override
  public int nextInt(int origin, int bound) {
    return origin + nextInt(Math.subtractExact(bound, origin));
  }

  @Override
  public boolean nextBoolean() {
    return nextLong() < 0;
  }

  /** A number in [0, 1), a multiple of 2<sup>-24</sup>. */
  @Override
  public float nextFloat() {
    return (nextLong() >>> 40) * FLOAT_UNIT;
  }

  /** A number in [0, 1), a multiple of 2<sup>-53</sup>. */
  @Override
  public double nextDouble() {
    return (nextLong() >>> 11) * DOUBLE_UNIT;
  }

  /** A number in [{@code origin}, {@code bound}). */
  @Override
  public double nextDouble(double origin, double bound) {
    return origin + nextDouble() * (bound - origin);
  }

  /** A standard normal number, by the polar method (Marsaglia and Bray, 1964). */
  @Override
  public double nextGaussian() {
    if (hasSpareGaussian) {
      hasSpareGaussian = false;
      return spareGaussian;
    }
    double first;
    double second;
    double square;
    do {
      first = 2 * nextDouble() - 1;
      second = 2 * nextDouble() - 1;
      square = first * first + second * second;
    } while (square >= 1 || square == 0);
    double scale = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
    spareGaussian = second * scale;
    hasSpareGaussian = true;
    return first * scale;
  }

  /** One of several, each as likely as any other. */
  public <T> T any(List<T> choices) {
    return choices.get(nextInt(choices.size()));
  }

  /** Puts {@code values} into an order in which every permutation is equally likely. */
  public void shuffle(int[] values) {
    for (int last = values.length - 1; last > 0; last--) {
      int chosen = nextInt(last + 1);
      int kept = values[last];
      values[last] = values[chosen];
      values[chosen] = kept;
    }
  }

  /** Multiplies, so that seed and coordinates cannot change places unnoticed. */
  private static long absorb(long key, long value) {
    return mix(key * MULTIPLIER + mix(value + GOLDEN_GAMMA));
  }
}
