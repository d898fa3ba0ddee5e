package dev.convoy.driver.ensemble.statistics;

import dev.convoy.data.Text;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.ensemble.Combination;

/**
 * How good answers are. All but the number of examples are NaN without examples.
 *
 * @param examples how many were answered
 * @param accuracy share of examples whose most probable class is the label; of equally probable
 *     classes the lowest counts
 * @param topFiveAccuracy share of examples whose label is among the five most probable classes,
 *     lower indices before higher ones of equals; 1 with five classes or fewer
 * @param negativeLogLikelihood mean over examples of −ln of the label's probability, in nats;
 *     probabilities below {@link Probabilities#FLOOR} count as that, so it is at most 23.03
 * @param brier mean over examples of Σ (probability − [class is the label])² over all classes, from
 *     0 to 2 (Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather
 *     Review 78, 1950)
 * @param calibration whether confidence equals accuracy
 */
public record Scores(
    long examples,
    double accuracy,
    double topFiveAccuracy,
    double negativeLogLikelihood,
    double brier,
    Calibration calibration) {

  /** The ensemble's, over the examples that at least one member answers. */
  public static Scores of(MemberPredictions predictions, Combination combination) {
    return Statistic.of(predictions, combination, new Sums(predictions.classes()));
  }

  /** Adds up answers, one after the other. */
  static final class Sums implements Statistic<Scores> {
    private static final int TOP = 5;

    private final int classes;
    private final Calibration.Sums calibration = new Calibration.Sums(Calibration.BINS);
    private long examples;
    private long right;
    private long amongTop;
    private double lossSum;
    private double brierSum;

    Sums(int classes) {
      this.classes = classes;
    }

    @Override
    public void add(EnsembleAnswer answer) {
      add(answer.probabilities(), answer.label());
    }

    /**
     * Adds an answer.
     *
     * @param probabilities one for each class; not kept
     * @throws IllegalArgumentException if there is not one probability for each class, or the label
     *     is not a class
     */
    void add(double[] probabilities, int label) {
      if (probabilities.length != classes || label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            Text.of(
                "Cannot score an answer: expected %d classes, found %d probabilities and label %d",
                classes, probabilities.length, label));
      }
      int predicted = Probabilities.argmax(probabilities);
      examples++;
      right += predicted == label ? 1 : 0;
      amongTop += rank(probabilities, label) < TOP ? 1 : 0;
      lossSum += Probabilities.crossEntropy(probabilities[label]);
      brierSum += squaredDistance(probabilities, label);
      calibration.add(probabilities[predicted], predicted == label);
    }

    /** How many classes come before the label by probability, then index. */
    private static int rank(double[] probabilities, int label) {
      int rank = 0;
      for (int i = 0; i < probabilities.length; i++) {
        if (probabilities[i] > probabilities[label]
            || (probabilities[i] == probabilities[label] && i < label)) {
          rank++;
        }
      }
      return rank;
    }

    private static double squaredDistance(double[] probabilities, int label) {
      double sum = 0;
      for (int i = 0; i < probabilities.length; i++) {
        double difference = probabilities[i] - (i == label ? 1 : 0);
        sum += difference * difference;
      }
      return sum;
    }

    @Override
    public Scores result() {
      double count = examples;
      return new Scores(
          examples,
          right / count,
          amongTop / count,
          lossSum / count,
          brierSum / count,
          calibration.result());
    }
  }
}
