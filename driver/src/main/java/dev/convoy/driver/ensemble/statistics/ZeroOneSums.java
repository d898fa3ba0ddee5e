package dev.convoy.driver.ensemble.statistics;

import java.util.Arrays;

/** Adds up a {@link ZeroOneDecomposition}. */
final class ZeroOneSums {
  private final int[] votes;
  private long examples;
  private double loss;
  private double noise;
  private double weightedNoise;
  private double bias;
  private double unbiasedVariance;
  private double biasedVariance;
  private double correctingVariance;

  ZeroOneSums(int classes) {
    votes = new int[classes];
  }

  /**
   * Adds an example.
   *
   * @param truth probability of each class
   */
  void add(MemberAnswers answers, double[] truth) {
    count(answers);
    double members = answers.takingPart();
    int best = MostProbable.of(truth);
    int main = mainPrediction(answers.mean());
    double sayBest = votes[best] / members;
    double sayOtherLabel = 0; // the label is not y*, and a member says it
    for (int i = 0; i < votes.length; i++) {
      sayOtherLabel += i == best ? 0 : votes[i] / members * truth[i];
    }
    examples++;
    loss += 1 - sayBest * truth[best] - sayOtherLabel;
    noise += 1 - truth[best];
    weightedNoise += sayBest * (1 - truth[best]) - sayOtherLabel;
    double variance = 1 - votes[main] / members;
    if (main == best) {
      unbiasedVariance += variance;
    } else {
      bias++;
      biasedVariance += variance;
      correctingVariance += sayBest;
    }
  }

  private void count(MemberAnswers answers) {
    Arrays.fill(votes, 0);
    for (int member = 0; member < answers.members(); member++) {
      if (answers.takesPart(member)) {
        votes[answers.predicted(member)]++;
      }
    }
  }

  private int mainPrediction(double[] mean) {
    int main = 0;
    for (int i = 1; i < votes.length; i++) {
      if (votes[i] > votes[main] || (votes[i] == votes[main] && mean[i] > mean[main])) {
        main = i;
      }
    }
    return main;
  }

  ZeroOneDecomposition decomposition() {
    return new ZeroOneDecomposition(
        loss / examples,
        noise / examples,
        weightedNoise / examples,
        bias / examples,
        unbiasedVariance / examples,
        biasedVariance / examples,
        correctingVariance / examples);
  }
}
