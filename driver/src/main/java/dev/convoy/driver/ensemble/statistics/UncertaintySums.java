package dev.convoy.driver.ensemble.statistics;

/** Adds up {@link MeanUncertainty}. */
final class UncertaintySums {
  private final Sums right = new Sums();
  private final Sums wrong = new Sums();
  private final Sums overall = new Sums();

  void add(EnsembleAnswer answer) {
    overall.add(answer.uncertainty());
    (answer.right() ? right : wrong).add(answer.uncertainty());
  }

  MeanUncertainty mean() {
    return new MeanUncertainty(overall.mean(), right.mean(), wrong.mean());
  }

  private static final class Sums {
    private long examples;
    private double predictiveEntropy;
    private double expectedEntropy;
    private double mutualInformation;
    private double disagreement;

    void add(Uncertainty uncertainty) {
      examples++;
      predictiveEntropy += uncertainty.predictiveEntropy();
      expectedEntropy += uncertainty.expectedEntropy();
      mutualInformation += uncertainty.mutualInformation();
      disagreement += uncertainty.disagreement();
    }

    Uncertainty mean() {
      return new Uncertainty(
          predictiveEntropy / examples,
          expectedEntropy / examples,
          mutualInformation / examples,
          disagreement / examples);
    }
  }
}
