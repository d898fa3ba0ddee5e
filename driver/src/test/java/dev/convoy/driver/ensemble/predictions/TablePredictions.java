package dev.convoy.driver.ensemble.predictions;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.worker.ensemble.MemberAnswers;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Predictions in memory.
 *
 * @param probabilities axes [example, member × class]
 * @param parts axes [example, member]
 */
public record TablePredictions(
    int classes, int[] labels, float[][] probabilities, boolean[][] parts)
    implements MemberPredictions {
  private static final int SIXTEENTHS = 16;

  /** With every member taking part. */
  public static TablePredictions of(int classes, int[] labels, float[]... probabilities) {
    boolean[][] parts = new boolean[labels.length][probabilities[0].length / classes];
    for (boolean[] part : parts) {
      Arrays.fill(part, true);
    }
    return new TablePredictions(classes, labels, probabilities, parts);
  }

  /**
   * What trained networks might say: each sees the true class through noise, part of which is the
   * same for all. The first is the best, and all are too sure of themselves.
   */
  public static TablePredictions trained(int examples, int members, int classes, long seed) {
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

  /** Members that are sure of one class each; axes [example][member]. */
  public static TablePredictions sure(int classes, int[] labels, int[][] predicted) {
    float[][] answers =
        Arrays.stream(predicted)
            .map(
                ofMembers -> {
                  float[] answer = new float[ofMembers.length * classes];
                  for (int member = 0; member < ofMembers.length; member++) {
                    answer[member * classes + ofMembers[member]] = 1;
                  }
                  return answer;
                })
            .toArray(float[][]::new);
    return of(classes, labels, answers);
  }

  /** Probabilities in sixteenths, so that many are equal; each goes to the label more often. */
  public static TablePredictions random(long seed, int examples, int members, int classes) {
    KeyedRandom random = KeyedRandom.of(seed, Purpose.SYNTHETIC);
    int[] labels = IntStream.range(0, examples).map(i -> random.nextInt(classes)).toArray();
    float[][] answers = new float[examples][members * classes];
    for (int example = 0; example < examples; example++) {
      int favourite = random.nextInt(3) == 0 ? random.nextInt(classes) : labels[example];
      for (int member = 0; member < members; member++) {
        for (int i = 0; i < SIXTEENTHS; i++) {
          int chosen = random.nextInt(3) == 0 ? favourite : random.nextInt(classes);
          answers[example][member * classes + chosen] += 1f / SIXTEENTHS;
        }
      }
    }
    return of(classes, labels, answers);
  }

  /** Most answers are very sure, with probabilities down to the smallest float and 0. */
  public static TablePredictions confident(long seed, int examples, int members, int classes) {
    KeyedRandom random = KeyedRandom.of(seed, Purpose.SYNTHETIC);
    int[] labels = IntStream.range(0, examples).map(i -> random.nextInt(classes)).toArray();
    float[][] answers = new float[examples][members * classes];
    double[] powers = new double[classes];
    for (int example = 0; example < examples; example++) {
      for (int member = 0; member < members; member++) {
        for (int i = 0; i < classes; i++) {
          powers[i] = Math.exp(30 * random.nextGaussian() + (i == labels[example] ? 20 : 0));
        }
        double sum = Arrays.stream(powers).sum();
        for (int i = 0; i < classes; i++) {
          answers[example][member * classes + i] = (float) (powers[i] / sum);
        }
      }
    }
    return of(classes, labels, answers);
  }

  /** The same, where each member leaves out some third of the examples, some of all. */
  public TablePredictions outOfBag(long seed) {
    KeyedRandom random = KeyedRandom.of(seed, Purpose.SPLIT);
    boolean[][] some = new boolean[labels.length][members()];
    for (boolean[] example : some) {
      for (int member = 0; member < example.length; member++) {
        example[member] = random.nextInt(3) > 0;
      }
    }
    return new TablePredictions(classes, labels, probabilities, some);
  }

  /** Each member takes part in about a third of the examples. */
  public TablePredictions withRandomParts(long seed) {
    KeyedRandom random = KeyedRandom.of(seed, Purpose.MEMBER);
    boolean[][] drawn = new boolean[labels.length][members()];
    for (boolean[] row : drawn) {
      for (int member = 0; member < members(); member++) {
        row[member] = random.nextInt(3) == 0;
      }
    }
    return new TablePredictions(classes, labels, probabilities, drawn);
  }

  /** The same without the examples in which no member takes part. */
  public TablePredictions answered() {
    int[] kept =
        IntStream.range(0, labels.length)
            .filter(example -> Arrays.toString(parts[example]).contains("true"))
            .toArray();
    return new TablePredictions(
        classes,
        IntStream.of(kept).map(example -> labels[example]).toArray(),
        IntStream.of(kept).mapToObj(example -> probabilities[example]).toArray(float[][]::new),
        IntStream.of(kept).mapToObj(example -> parts[example]).toArray(boolean[][]::new));
  }

  /** The same, where members that take no part are replaced by the mean of those that do. */
  public TablePredictions imputed() {
    TablePredictions kept = answered();
    float[][] imputed = new float[kept.examples()][];
    for (int example = 0; example < imputed.length; example++) {
      imputed[example] =
          new MemberAnswers(kept.probabilities[example], kept.parts[example], classes).imputed();
    }
    return of(classes, kept.labels, imputed);
  }

  /** The same with the members in another order. */
  public TablePredictions permuted(int... order) {
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
    return new TablePredictions(classes, labels, other, otherParts);
  }

  /** The mean of members that take part. */
  public static void softVote(float[] probabilities, boolean[] parts, double[] into) {
    Arrays.fill(into, 0);
    int members = 0;
    for (int member = 0; member < parts.length; member++) {
      if (parts[member]) {
        members++;
        for (int i = 0; i < into.length; i++) {
          into[i] += probabilities[member * into.length + i];
        }
      }
    }
    for (int i = 0; i < into.length; i++) {
      into[i] /= members;
    }
  }

  private static double[] gaussians(int count, KeyedRandom random) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> random.nextGaussian());
    return values;
  }

  public static void softmax(double[] logits, float[] into, int offset) {
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
    for (int i = 0; i < into.length; i++) {
      into[i] = parts[example][i / classes] ? probabilities[example][i] : Float.NaN;
    }
  }

  @Override
  public void readParts(int example, boolean[] into) {
    System.arraycopy(parts[example], 0, into, 0, into.length);
  }
}
