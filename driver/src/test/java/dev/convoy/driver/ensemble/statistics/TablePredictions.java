package dev.convoy.driver.ensemble.statistics;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Predictions in memory.
 *
 * @param answers axes [example][member, class]
 * @param allParts axes [example][member]
 */
record TablePredictions(int members, int[] labels, float[][] answers, boolean[][] allParts)
    implements MemberPredictions {
  private static final int SIXTEENTHS = 16;

  /** All members take part. */
  static TablePredictions of(int members, int[] labels, float[][] answers) {
    boolean[] all = new boolean[members];
    Arrays.fill(all, true);
    return new TablePredictions(
        members,
        labels,
        answers,
        Stream.generate(() -> all).limit(labels.length).toArray(boolean[][]::new));
  }

  /** Members that are sure of one class each; axes [example][member]. */
  static TablePredictions sure(int classes, int[] labels, int[][] predicted) {
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
    return of(predicted[0].length, labels, answers);
  }

  /** Probabilities in sixteenths, so that many are equal; each goes to the label more often. */
  static TablePredictions random(long seed, int examples, int members, int classes) {
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
    return of(members, labels, answers);
  }

  /** Most answers are very sure, with probabilities down to the smallest float and 0. */
  static TablePredictions confident(long seed, int examples, int members, int classes) {
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
    return of(members, labels, answers);
  }

  /** Each member takes part in about a third of the examples. */
  TablePredictions withRandomParts(long seed) {
    KeyedRandom random = KeyedRandom.of(seed, Purpose.MEMBER);
    boolean[][] drawn = new boolean[labels.length][members];
    for (boolean[] row : drawn) {
      for (int member = 0; member < members; member++) {
        row[member] = random.nextInt(3) == 0;
      }
    }
    return new TablePredictions(members, labels, answers, drawn);
  }

  /** The same with members in another order. */
  TablePredictions permuted(int... order) {
    int classes = classes();
    float[][] permuted = new float[answers.length][members * classes];
    boolean[][] permutedParts = new boolean[answers.length][members];
    for (int example = 0; example < answers.length; example++) {
      for (int member = 0; member < members; member++) {
        System.arraycopy(
            answers[example],
            order[member] * classes,
            permuted[example],
            member * classes,
            classes);
        permutedParts[example][member] = allParts[example][order[member]];
      }
    }
    return new TablePredictions(members, labels, permuted, permutedParts);
  }

  /** The mean of members that take part. */
  static void softVote(float[] probabilities, boolean[] parts, double[] into) {
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

  @Override
  public int examples() {
    return labels.length;
  }

  @Override
  public int classes() {
    return answers[0].length / members;
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
    System.arraycopy(answers[example], 0, into, 0, into.length);
    for (int i = 0; i < into.length; i++) {
      if (!allParts[example][i / classes()]) {
        into[i] = Float.NaN;
      }
    }
  }

  @Override
  public void readParts(int example, boolean[] into) {
    System.arraycopy(allParts[example], 0, into, 0, into.length);
  }
}
