package dev.convoy.driver.ensemble.fit;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.worker.Probabilities;

/**
 * The mean of the members chosen so far, and how good it would be with one more; members that take
 * no part in an example are replaced there by the mean of the others. Mutable.
 */
final class RunningMean {
  private final MemberPredictions predictions;
  private final EarlyStopping.Metric metric;
  private final int count;

  /** Sums of the chosen members' probabilities, axes [example, class]. */
  private final double[][] sums;

  private int chosen;

  RunningMean(MemberPredictions predictions, EarlyStopping.Metric metric) {
    this.predictions = predictions;
    this.metric = metric;
    this.count = AnsweredExamples.count(predictions);
    this.sums = new double[predictions.examples()][predictions.classes()];
  }

  /** Chooses a member. */
  void add(int member) {
    chosen++;
    predictions.forEachAnswered(
        (example, answers) -> {
          float[] probabilities = answers.imputed();
          for (int i = 0; i < answers.classes(); i++) {
            sums[example][i] += probabilities[member * answers.classes() + i];
          }
        });
  }

  /** The metric of the mean with one more member, by member. */
  double[] valuesWithOneMore() {
    double[] losses = new double[predictions.members()];
    int[] correct = new int[predictions.members()];
    double[] with = new double[predictions.classes()];
    predictions.forEachAnswered(
        (example, answers) -> {
          int label = predictions.label(example);
          float[] probabilities = answers.imputed();
          for (int member = 0; member < losses.length; member++) {
            for (int i = 0; i < with.length; i++) {
              with[i] = (sums[example][i] + probabilities[member * with.length + i]) / (chosen + 1);
            }
            losses[member] += Probabilities.crossEntropy(with[label]);
            correct[member] += Probabilities.argmax(with) == label ? 1 : 0;
          }
        });
    double[] values = new double[losses.length];
    for (int member = 0; member < values.length; member++) {
      values[member] = metric.of(losses[member] / count, (double) correct[member] / count);
    }
    return values;
  }
}
