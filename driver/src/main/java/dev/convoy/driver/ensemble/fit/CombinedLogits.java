package dev.convoy.driver.ensemble.fit;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.ensemble.Combination;

/** The logarithms of combined probabilities, and how well they fit the labels at a temperature. */
final class CombinedLogits {
  /** What one example adds to a sum. */
  private interface Term {
    /**
     * Computes it.
     *
     * @param combined probabilities, may be overwritten
     */
    double of(double[] combined, int label);
  }

  private final MemberPredictions predictions;
  private final Combination combination;
  private final int count;

  CombinedLogits(MemberPredictions predictions, Combination combination) {
    this.predictions = predictions;
    this.combination = combination;
    this.count = AnsweredExamples.count(predictions);
  }

  /** Mean cross-entropy of the combination as it is. */
  double plainLoss() {
    return mean((combined, label) -> Probabilities.crossEntropy(combined[label]));
  }

  /** Mean cross-entropy at a temperature. */
  double loss(double temperature) {
    return mean(
        (combined, label) -> {
          double[] differences = differences(combined, label);
          double largest = differences[Probabilities.argmax(differences)];
          double sum = 0;
          for (double difference : differences) {
            sum += StrictMath.exp((difference - largest) / temperature);
          }
          return StrictMath.log(sum) + largest / temperature;
        });
  }

  /**
   * The slope of the mean cross-entropy over 1 / temperature: Σ q (z - z_label), q being the
   * softened probabilities. It falls as the temperature rises, and is exactly 0 if all logits are
   * equal.
   */
  double slope(double temperature) {
    return mean(
        (combined, label) -> {
          double[] differences = differences(combined, label);
          double largest = differences[Probabilities.argmax(differences)];
          double sum = 0;
          double weighted = 0;
          for (double difference : differences) {
            double mass = StrictMath.exp((difference - largest) / temperature);
            sum += mass;
            weighted += mass * difference;
          }
          return weighted / sum;
        });
  }

  private double mean(Term term) {
    double[] combined = new double[predictions.classes()];
    double[] sum = new double[1];
    predictions.forEachAnswered(
        (example, answers) -> {
          combination.combine(answers.probabilities(), answers.parts(), combined);
          sum[0] += term.of(combined, predictions.label(example));
        });
    return sum[0] / count;
  }

  /** Turns probabilities into logits less the label's, in place. */
  private static double[] differences(double[] combined, int label) {
    for (int i = 0; i < combined.length; i++) {
      combined[i] = -Probabilities.crossEntropy(combined[i]);
    }
    double labels = combined[label];
    for (int i = 0; i < combined.length; i++) {
      combined[i] -= labels;
    }
    return combined;
  }
}
