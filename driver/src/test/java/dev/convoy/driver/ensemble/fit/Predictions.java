package dev.convoy.driver.ensemble.fit;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.MemberAnswers;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Predictions in memory.
 *
 * @param probabilities axes [example, member × class]
 * @param parts axes [example, member]
 */
record Predictions(int classes, int[] labels, float[][] probabilities, boolean[][] parts)
    implements MemberPredictions {

  /** With every member taking part. */
  static Predictions of(int classes, int[] labels, float[]... probabilities) {
    boolean[][] parts = new boolean[labels.length][probabilities[0].length / classes];
    for (boolean[] part : parts) {
      Arrays.fill(part, true);
    }
    return new Predictions(classes, labels, probabilities, parts);
  }

  /**
   * What trained networks might say: each sees the true class through noise, part of which is the
   * same for all. The first is the best, and all are too sure of themselves.
   */
  static Predictions trained(int examples, int members, int classes, long seed) {
    KeyedRandom random = KeyedRandom.of(seed, Purpose.SYNTHETIC);
    int[] labels = new int[examples];
    float[][] probabilities = new float[examples][members * classes];
    for (int example = 0; example < examples; example++) {
      labels[example] = random.nextInt(classes);
      double[] shared = gaussians(classes, random);
      for (int member = 0; member < members; member++) {
        double[] logits = gaussians(classes, random);
        for (int i = 0; i < classes; i++) {
          logits[i] = 2 * (shared[i] + (1 + 0.3 * member) * logits[i]);
        }
        logits[labels[example]] += 4;
        softmax(logits, probabilities[example], member * classes);
      }
    }
    return of(classes, labels, probabilities);
  }

  /** The same, where each member leaves out some third of the examples, some of all. */
  Predictions outOfBag(long seed) {
    KeyedRandom random = KeyedRandom.of(seed, Purpose.SPLIT);
    boolean[][] some = new boolean[labels.length][members()];
    for (boolean[] example : some) {
      for (int member = 0; member < example.length; member++) {
        example[member] = random.nextInt(3) > 0;
      }
    }
    return new Predictions(classes, labels, probabilities, some);
  }

  /** The same without the examples in which no member takes part. */
  Predictions answered() {
    int[] kept =
        IntStream.range(0, labels.length)
            .filter(example -> Arrays.toString(parts[example]).contains("true"))
            .toArray();
    return new Predictions(
        classes,
        IntStream.of(kept).map(example -> labels[example]).toArray(),
        IntStream.of(kept).mapToObj(example -> probabilities[example]).toArray(float[][]::new),
        IntStream.of(kept).mapToObj(example -> parts[example]).toArray(boolean[][]::new));
  }

  /** The same, where members that take no part are replaced by the mean of those that do. */
  Predictions imputed() {
    Predictions kept = answered();
    float[][] imputed = new float[kept.examples()][];
    for (int example = 0; example < imputed.length; example++) {
      imputed[example] =
          new MemberAnswers(kept.probabilities[example], kept.parts[example], classes).imputed();
    }
    return of(classes, kept.labels, imputed);
  }

  /** The same with the members in another order. */
  Predictions permuted(int... order) {
    float[][] other = new float[labels.length][order.length * classes];
    boolean[][] otherParts = new boolean[labels.length][order.length];
    for (int example = 0; example < labels.length; example++) {
      for (int member = 0; member < order.length; member++) {
        System.arraycopy(
            probabilities[example],
            order[member] * classes,
            other[example],
            member * classes,
            classes);
        otherParts[example][member] = parts[example][order[member]];
      }
    }
    return new Predictions(classes, labels, other, otherParts);
  }

  private static double[] gaussians(int count, KeyedRandom random) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> random.nextGaussian());
    return values;
  }

  static void softmax(double[] logits, float[] into, int offset) {
    double sum = Arrays.stream(logits).map(StrictMath::exp).sum();
    for (int i = 0; i < logits.length; i++) {
      into[offset + i] = (float) (StrictMath.exp(logits[i]) / sum);
    }
  }

  @Override
  public int examples() {
    return labels.length;
  }

  @Override
  public int members() {
    return probabilities[0].length / classes;
  }

  @Override
  public int label(int example) {
    return labels[example];
  }

  @Override
  public int id(int example) {
    return 1000 + example;
  }

  @Override
  public void read(int example, float[] into) {
    System.arraycopy(probabilities[example], 0, into, 0, into.length);
  }

  @Override
  public void readParts(int example, boolean[] into) {
    System.arraycopy(parts[example], 0, into, 0, into.length);
  }
}
