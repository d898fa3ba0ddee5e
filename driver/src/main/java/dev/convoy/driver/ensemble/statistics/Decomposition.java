package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.Arrays;

/**
 * Where the loss of members comes from: noise of the labels, errors that members have in common
 * (bias), and differences between them (variance), which an ensemble can remove. Members are taken
 * for draws of what training may give; an example counts with the members that take part in it.
 *
 * <p>Noise cannot be seen where each example has a single label: it is then 0, and counts as bias.
 * Bias and variance are those of the members at hand, not estimates for infinitely many.
 *
 * @param zeroOne of the share of wrong classes
 * @param squared of the squared error of probabilities
 */
public record Decomposition(ZeroOneDecomposition zeroOne, SquaredDecomposition squared) {
  /** How probable each class is for an example: what is known where labels are noisy. */
  @FunctionalInterface
  interface LabelDistribution {
    /**
     * Copies the distribution of one example's class.
     *
     * @param into one probability for each class
     */
    void read(int example, double[] into);

    /** Without noise. */
    static LabelDistribution oneHot(MemberPredictions predictions) {
      return (example, into) -> {
        Arrays.fill(into, 0);
        into[predictions.label(example)] = 1;
      };
    }
  }

  /** Adds up both losses. */
  static final class Sums implements Statistic<Decomposition> {
    private final LabelDistribution labels;
    private final double[] truth;
    private final ZeroOneDecomposition.Sums zeroOne;
    private final SquaredDecomposition.Sums squared;

    Sums(int classes, LabelDistribution labels) {
      this.labels = labels;
      truth = new double[classes];
      zeroOne = new ZeroOneDecomposition.Sums(classes);
      squared = new SquaredDecomposition.Sums();
    }

    @Override
    public void add(EnsembleAnswer answer) {
      labels.read(answer.example(), truth);
      zeroOne.add(answer, truth);
      double noise = 0;
      for (double probability : truth) {
        noise += probability * (1 - probability);
      }
      squared.add(answer.ofMembers(), answer.mean(), truth, noise);
    }

    @Override
    public Decomposition result() {
      return new Decomposition(zeroOne.result(), squared.result());
    }
  }
}
