package dev.convoy.data.resample;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.Selection;
import dev.convoy.data.source.Listing;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Draws the training examples of one member of an ensemble: a pure function of these values and the
 * listing, whatever the number of workers and members.
 *
 * @param method how
 * @param fraction of the examples that are drawn, in (0, 1]; of every class, at least one is
 * @param stratified whether each class is drawn from by itself, and so keeps its share
 * @param folds parts of {@link Method#FOLDS}, at least 2; unused by the others
 * @param seed of the ensemble
 * @param member counted from 0
 */
public record Resample(
    Method method, double fraction, boolean stratified, int folds, long seed, int member) {
  /** How examples are drawn. */
  public enum Method {
    /** Each once. */
    FULL,
    /** With replacement: bagging (Breiman, "Bagging Predictors", Machine Learning 24, 1996). */
    BOOTSTRAP,
    /** Without replacement: pasting (Breiman, Machine Learning 36, 1999). */
    PASTING,
    /**
     * All but one of several parts: member {@code m} does without part {@code m mod folds}; the
     * next {@code folds} members without parts of another division.
     */
    FOLDS;

    /** The name in configurations. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Checks the ranges. */
  public Resample {
    if (!(fraction > 0 && fraction <= 1) || folds < 2 || member < 0) {
      throw new IllegalArgumentException(
          "Cannot resample: expected a fraction in (0, 1], two folds or more and a member of at"
              + " least 0, found "
              + fraction
              + ", "
              + folds
              + " and "
              + member
              + ".");
    }
  }

  /** Whether some examples are not drawn. */
  public boolean leavesOut() {
    return switch (method) {
      case FULL -> false;
      case BOOTSTRAP, FOLDS -> true;
      case PASTING -> fraction < 1;
    };
  }

  /** The seed of everything else that is random about the member; at least 0. */
  public static long memberSeed(long seed, int member) {
    return KeyedRandom.key(seed, Purpose.MEMBER, member) >>> 11;
  }

  /**
   * How often each example is taken.
   *
   * @param examples that can be drawn
   * @param weights for every position of {@code examples} how likely it is drawn, in proportion;
   *     each at least 0; null where all are alike; not for {@link Method#FOLDS}
   * @throws IllegalArgumentException if no weight of a class, or of all, is above 0
   */
  public Selection draw(Listing examples, double[] weights) {
    int[] times = new int[ids(examples)];
    int[][] strata = strata(examples);
    if (method == Method.FOLDS) {
      deal(examples, strata, times);
      return Selection.times(times);
    }
    for (int stratum = 0; stratum < strata.length; stratum++) {
      int[] positions = strata[stratum];
      int count = (int) Math.max(1, Math.round(fraction * positions.length));
      KeyedRandom random = KeyedRandom.of(seed, Purpose.MEMBER, member, stratum);
      int[] drawn =
          switch (method) {
            case BOOTSTRAP -> withReplacement(positions, weights, count, random);
            case PASTING -> withoutReplacement(positions, weights, count, random);
            default -> positions;
          };
      for (int position : drawn) {
        times[examples.id(position)]++;
      }
    }
    return Selection.times(times);
  }

  private static int ids(Listing examples) {
    return 1 + IntStream.range(0, examples.size()).map(examples::id).max().orElse(-1);
  }

  /** The positions of each class, or all of them together; none is empty. */
  private int[][] strata(Listing examples) {
    int[] all = IntStream.range(0, examples.size()).toArray();
    if (!stratified) {
      return all.length == 0 ? new int[0][] : new int[][] {all};
    }
    int classes = 1 + Arrays.stream(all).map(examples::label).max().orElse(-1);
    return IntStream.range(0, classes)
        .mapToObj(label -> Arrays.stream(all).filter(i -> examples.label(i) == label).toArray())
        .filter(members -> members.length > 0)
        .toArray(int[][]::new);
  }

  private static int[] withReplacement(
      int[] positions, double[] weights, int count, KeyedRandom random) {
    if (weights == null) {
      return IntStream.range(0, count)
          .map(draw -> positions[random.nextInt(positions.length)])
          .toArray();
    }
    double[] cumulative = new double[positions.length];
    double total = 0;
    for (int i = 0; i < positions.length; i++) {
      total += weights[positions[i]];
      cumulative[i] = total;
    }
    requirePositive(total);
    int[] drawn = new int[count];
    for (int draw = 0; draw < count; draw++) {
      drawn[draw] = positions[firstAbove(cumulative, random.nextDouble() * total)];
    }
    return drawn;
  }

  private static int firstAbove(double[] increasing, double value) {
    int low = 0;
    int high = increasing.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (increasing[middle] > value) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** With weights, by Efraimidis and Spirakis, Information Processing Letters 97 (2006). */
  private static int[] withoutReplacement(
      int[] positions, double[] weights, int count, KeyedRandom random) {
    if (weights == null) {
      int[] shuffled = positions.clone();
      random.shuffle(shuffled);
      return Arrays.copyOf(shuffled, count);
    }
    double[] keys = new double[positions.length];
    for (int i = 0; i < positions.length; i++) {
      // In (0, 1], so that the logarithm is finite.
      keys[i] = StrictMath.log(1 - random.nextDouble()) / weights[positions[i]];
    }
    int[] drawable =
        IntStream.range(0, positions.length).filter(i -> weights[positions[i]] > 0).toArray();
    requirePositive(drawable.length);
    return Arrays.stream(drawable)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -keys[i]).thenComparing(i -> i))
        .limit(count)
        .mapToInt(i -> positions[i])
        .toArray();
  }

  private static void requirePositive(double total) {
    if (!(total > 0)) {
      throw new IllegalArgumentException(
          "Cannot draw examples: expected at least one weight above 0, found none.");
    }
  }

  /**
   * Deals shuffled examples to the parts like cards, class after class, and leaves one part out.
   */
  private void deal(Listing examples, int[][] strata, int[] times) {
    int dealt = 0;
    for (int stratum = 0; stratum < strata.length; stratum++) {
      int[] positions = strata[stratum].clone();
      KeyedRandom.of(seed, Purpose.MEMBER, member / folds, stratum).shuffle(positions);
      for (int position : positions) {
        if (dealt++ % folds != member % folds) {
          times[examples.id(position)] = 1;
        }
      }
    }
  }
}
