package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/** What the members say of one example. One object is filled anew for each example. */
final class MemberAnswers {
  private final MemberPredictions predictions;
  private final int members;
  private final int classes;
  private final float[] probabilities;
  private final boolean[] parts;
  private final int[] predicted;
  private final double[] mean;
  private int example;
  private int takingPart;

  private MemberAnswers(MemberPredictions predictions) {
    this.predictions = predictions;
    members = predictions.members();
    classes = predictions.classes();
    probabilities = new float[members * classes];
    parts = new boolean[members];
    predicted = new int[members];
    mean = new double[classes];
  }

  /**
   * Goes through the examples in ascending order and leaves out those in which no member takes
   * part.
   *
   * @param consumer must not keep what it is given
   * @return how many it was given
   * @throws IllegalArgumentException if a label is not a class, or a probability is negative or not
   *     finite
   */
  static int forEach(MemberPredictions predictions, Consumer<MemberAnswers> consumer) {
    MemberAnswers answers = new MemberAnswers(predictions);
    int answered = 0;
    for (int example = 0; example < predictions.examples(); example++) {
      answers.read(example);
      if (answers.takingPart > 0) {
        consumer.accept(answers);
        answered++;
      }
    }
    return answered;
  }

  private void read(int next) {
    example = next;
    takingPart = 0;
    Arrays.fill(mean, 0);
    predictions.read(example, probabilities);
    predictions.readParts(example, parts);
    if (label() < 0 || label() >= classes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot measure the ensemble: expected labels from 0 to %d, found %d at example %d",
              classes - 1,
              label(),
              example));
    }
    for (int member = 0; member < members; member++) {
      if (parts[member]) {
        takingPart++;
        read(member, member * classes);
      }
    }
    for (int i = 0; i < classes; i++) {
      mean[i] /= takingPart;
    }
  }

  private void read(int member, int from) {
    predicted[member] = MostProbable.of(probabilities, from, classes);
    for (int i = 0; i < classes; i++) {
      float probability = probabilities[from + i];
      if (!(probability >= 0 && probability < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot measure the ensemble: expected probabilities, found %s of member %d at"
                    + " example %d. Leave out members that diverged.",
                probability,
                member,
                example));
      }
      mean[i] += probability;
    }
  }

  /** Which example this is. */
  int example() {
    return example;
  }

  /** Its id in the listing of its source. */
  int id() {
    return predictions.id(example);
  }

  /** Its class. */
  int label() {
    return predictions.label(example);
  }

  int members() {
    return members;
  }

  int classes() {
    return classes;
  }

  /** Axes [member, class]; anything for members that take no part. Not to be changed. */
  float[] probabilities() {
    return probabilities;
  }

  /** Which members take part. Not to be changed. */
  boolean[] parts() {
    return parts;
  }

  boolean takesPart(int member) {
    return parts[member];
  }

  /** How many members take part, at least 1. */
  int takingPart() {
    return takingPart;
  }

  /** The class that a member takes this example for. */
  int predicted(int member) {
    return predicted[member];
  }

  /** The mean of the members that take part, class by class. Not to be changed. */
  double[] mean() {
    return mean;
  }

  /** Copies what a member says. */
  void read(int member, double[] into) {
    for (int i = 0; i < classes; i++) {
      into[i] = probabilities[member * classes + i];
    }
  }
}
