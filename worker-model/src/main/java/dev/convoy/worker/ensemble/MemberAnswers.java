package dev.convoy.worker.ensemble;

import java.util.Locale;

/**
 * What members say of one example: a view of arrays that belong to whoever made it.
 *
 * @param probabilities class probabilities, axes [member, class]; of a member that takes no part,
 *     anything
 * @param parts which members take part, at least one
 * @param classes at least 1
 */
public record MemberAnswers(float[] probabilities, boolean[] parts, int classes) {
  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException if they do not fit each other
   */
  public MemberAnswers {
    if (classes < 1 || (long) parts.length * classes != probabilities.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot combine members: expected %d × %d probabilities, found %d.",
              parts.length,
              classes,
              probabilities.length));
    }
  }

  /** How many members there are, whether they take part or not. */
  public int members() {
    return parts.length;
  }

  /** The probability that a member gives a class. */
  public float probability(int member, int classIndex) {
    return probabilities[member * classes + classIndex];
  }

  /** The class that a member finds most probable; of equal ones that with the lowest index. */
  int mostProbable(int member) {
    int best = 0;
    for (int candidate = 1; candidate < classes; candidate++) {
      if (probability(member, candidate) > probability(member, best)) {
        best = candidate;
      }
    }
    return best;
  }

  /**
   * How many members take part.
   *
   * @throws IllegalArgumentException if none does
   */
  int taking() {
    int taking = 0;
    for (boolean part : parts) {
      taking += part ? 1 : 0;
    }
    if (taking == 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot combine members: expected one that takes part, found none of %d.",
              parts.length));
    }
    return taking;
  }

  /**
   * The mean of the members that take part.
   *
   * @param into one probability for each class
   * @throws IllegalArgumentException if none takes part
   */
  public void mean(double[] into) {
    int taking = taking();
    for (int i = 0; i < classes; i++) {
      double sum = 0;
      for (int member = 0; member < parts.length; member++) {
        if (parts[member]) {
          sum += probability(member, i);
        }
      }
      into[i] = sum / taking;
    }
  }

  /**
   * The probabilities with those of members that take no part replaced by the mean of the others: a
   * new array, axes [member, class].
   *
   * @throws IllegalArgumentException if none takes part
   */
  public float[] imputed() {
    float[] imputed = probabilities.clone();
    double[] mean = new double[classes];
    mean(mean);
    for (int member = 0; member < parts.length; member++) {
      for (int i = 0; i < classes && !parts[member]; i++) {
        imputed[member * classes + i] = (float) mean[i];
      }
    }
    return imputed;
  }
}
