package dev.convoy.worker.ensemble;

import dev.convoy.data.Text;
import dev.convoy.worker.Probabilities;
import java.util.stream.IntStream;

/**
 * The predictions of members for one example: a view of arrays that belong to its creator.
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
          Text.of(
              "Cannot combine members: expected %d × %d probabilities, found %d.",
              parts.length, classes, probabilities.length));
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
  public int mostProbable(int member) {
    return Probabilities.argmax(probabilities, member * classes, classes);
  }

  /** Whether a member takes part. */
  public boolean any() {
    return IntStream.range(0, parts.length).anyMatch(member -> parts[member]);
  }

  /**
   * How many members take part.
   *
   * @throws IllegalArgumentException if none does
   */
  public int taking() {
    int taking = 0;
    for (boolean part : parts) {
      taking += part ? 1 : 0;
    }
    if (taking == 0) {
      throw new IllegalArgumentException(
          Text.of(
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
