package dev.convoy.worker;

/** Arithmetic of class probabilities that every part of Convoy does in the same way. */
public final class Probabilities {
  /** Smaller probabilities count as this much where a logarithm is taken. */
  public static final double FLOOR = 1e-10;

  private Probabilities() {}

  /**
   * Replaces rows that follow each other by their mean, which comes to stand in front.
   *
   * @param values axes [mean, row, value]; afterwards [mean, value]
   * @param means how many there are to be
   * @param rows of each mean, at least 1
   * @param length of a row
   */
  public static void average(float[] values, int means, int rows, int length) {
    for (int mean = 0; mean < means && rows > 1; mean++) {
      for (int i = 0; i < length; i++) {
        double sum = 0;
        for (int row = 0; row < rows; row++) {
          sum += values[(mean * rows + row) * length + i];
        }
        values[mean * length + i] = (float) (sum / rows);
      }
    }
  }

  /** The index of the largest value; of equal ones the lowest. */
  public static int argmax(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * The index, counted from {@code from}, of the largest of some values; of equal ones the lowest.
   */
  public static int argmax(float[] values, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[from + i] > values[from + best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * The cross-entropy of a label with this probability, −ln p in nats, at most −ln {@link #FLOOR}.
   */
  public static double crossEntropy(double probability) {
    return -StrictMath.log(Math.max(probability, FLOOR));
  }

  /**
   * Replaces logits, at least one, by exp(z) / Σ exp(z).
   *
   * @return ln Σ exp(z)
   */
  public static double softmax(double[] logits) {
    double largest = logits[argmax(logits)];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      logits[i] = StrictMath.exp(logits[i] - largest);
      sum += logits[i];
    }
    for (int i = 0; i < logits.length; i++) {
      logits[i] /= sum;
    }
    return StrictMath.log(sum) + largest;
  }

  /** What a class adds to Shannon's entropy, −p ln p in nats; 0 for a class without probability. */
  public static double entropy(double probability) {
    return probability > 0 ? -(probability * StrictMath.log(probability)) : 0;
  }

  /** Shannon's entropy in nats: from 0 for a certain answer to ln(classes) for a uniform one. */
  public static double entropy(double[] probabilities) {
    double entropy = 0;
    for (double probability : probabilities) {
      entropy += entropy(probability);
    }
    return entropy;
  }

  /** The entropy of one of several answers in an array. */
  public static double entropy(float[] probabilities, int from, int count) {
    double entropy = 0;
    for (int i = from; i < from + count; i++) {
      entropy += entropy(probabilities[i]);
    }
    return entropy;
  }
}
