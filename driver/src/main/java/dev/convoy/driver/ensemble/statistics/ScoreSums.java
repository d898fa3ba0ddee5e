package dev.convoy.driver.ensemble.statistics;

import java.util.Locale;

/** Adds up {@link Scores}, one answer after the other. Not thread-safe. */
public final class ScoreSums {
  /** Smallest probability that enters a logarithm, as in evaluation on executors. */
  static final double SMALLEST_PROBABILITY = 1e-10;

  private static final int TOP = 5;

  private final int classes;
  private final CalibrationSums calibration;
  private long examples;
  private long right;
  private long amongTop;
  private double lossSum;
  private double brierSum;

  /** Nothing yet, with {@value Calibration#BINS} bins of confidence. */
  public ScoreSums(int classes) {
    this(classes, Calibration.BINS);
  }

  /**
   * Nothing yet.
   *
   * @param classes at least 2
   * @param bins of confidence, at least 1
   */
  public ScoreSums(int classes, int bins) {
    this.classes = classes;
    calibration = new CalibrationSums(bins);
  }

  /**
   * Adds an answer.
   *
   * @param probabilities one for each class; not kept
   * @param label the class that is right
   * @throws IllegalArgumentException if there is not one probability for each class, or the label
   *     is not a class
   */
  public void add(double[] probabilities, int label) {
    if (probabilities.length != classes || label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot score an answer: expected %d classes, found %d probabilities and label %d",
              classes,
              probabilities.length,
              label));
    }
    int predicted = MostProbable.of(probabilities);
    examples++;
    right += predicted == label ? 1 : 0;
    amongTop += before(probabilities, label) < TOP ? 1 : 0;
    lossSum -= StrictMath.log(Math.max(SMALLEST_PROBABILITY, probabilities[label]));
    brierSum += squaredDistance(probabilities, label);
    calibration.add(probabilities[predicted], predicted == label);
  }

  /** How many classes come before the label by probability, then index. */
  private static int before(double[] probabilities, int label) {
    int before = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[label]
          || (probabilities[i] == probabilities[label] && i < label)) {
        before++;
      }
    }
    return before;
  }

  private static double squaredDistance(double[] probabilities, int label) {
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double difference = probabilities[i] - (i == label ? 1 : 0);
      sum += difference * difference;
    }
    return sum;
  }

  /** The scores of what was added so far. */
  public Scores scores() {
    double count = examples;
    return new Scores(
        examples,
        right / count,
        amongTop / count,
        lossSum / count,
        brierSum / count,
        calibration.calibration());
  }
}
