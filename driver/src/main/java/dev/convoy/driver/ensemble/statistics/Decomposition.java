package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;

/**
 * Where the loss of members comes from: noise of the labels, what members have in common (bias),
 * and what they differ in (variance), which is what an ensemble can take away. Members are taken
 * for draws of what training may give; an example counts with the members that take part in it.
 *
 * <p>Noise cannot be seen where each example has a single label: it is then 0, and whatever there
 * is of it counts as bias. Bias and variance are those of the members at hand, not estimates for
 * infinitely many.
 *
 * @param zeroOne of the share of wrong classes
 * @param squared of the squared error of probabilities
 */
public record Decomposition(ZeroOneDecomposition zeroOne, SquaredDecomposition squared) {

  /** With one label for each example: without noise. */
  public static Decomposition of(MemberPredictions predictions) {
    return of(predictions, LabelDistribution.oneHot(predictions));
  }

  /** With a known distribution of every example's label. */
  public static Decomposition of(MemberPredictions predictions, LabelDistribution labels) {
    DecompositionSums sums = new DecompositionSums(predictions.classes(), labels);
    MemberAnswers.forEach(predictions, sums::add);
    return sums.decomposition();
  }
}
