package dev.convoy.driver.ensemble.statistics;

/** Adds up a {@link Decomposition}. */
final class DecompositionSums {
  private final LabelDistribution labels;
  private final double[] truth;
  private final ZeroOneSums zeroOne;
  private final SquaredSums squared;

  DecompositionSums(int classes, LabelDistribution labels) {
    this.labels = labels;
    truth = new double[classes];
    zeroOne = new ZeroOneSums(classes);
    squared = new SquaredSums(classes);
  }

  void add(MemberAnswers answers) {
    labels.read(answers.example(), truth);
    zeroOne.add(answers, truth);
    squared.add(answers.probabilities(), answers.parts(), truth, noise());
  }

  /** The summed variances of the indicators of classes. */
  private double noise() {
    double noise = 0;
    for (double probability : truth) {
      noise += probability * (1 - probability);
    }
    return noise;
  }

  Decomposition decomposition() {
    return new Decomposition(zeroOne.decomposition(), squared.decomposition());
  }
}
