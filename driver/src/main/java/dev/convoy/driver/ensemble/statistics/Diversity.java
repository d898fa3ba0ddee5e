package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;

/**
 * How members differ, pair by pair (Kuncheva and Whitaker, "Measures of Diversity in Classifier
 * Ensembles and Their Relationship with the Ensemble Accuracy", Machine Learning 51, 2003). A pair
 * is compared on the examples in which both take part; without any, its numbers are NaN.
 *
 * <p>Kuncheva and Whitaker's disagreement asks whether one of two is right and the other wrong;
 * here two different wrong classes are a disagreement too.
 *
 * @param disagreement share of examples that the two take for different classes, from 0 to 1
 * @param yulesQ (both right · both wrong − first right · second right) / (both right · both wrong +
 *     first right · second right), where first and second right count those where the other is
 *     wrong; from −1 to 1, 0 for independent members; NaN if the denominator is 0, as for members
 *     without mistakes
 * @param doubleFault share of examples that both take for a wrong class, from 0 to 1
 * @param divergence mean of Jensen and Shannon's divergence, H(mean of both) − mean of both H, in
 *     nats, from 0 to ln 2 (Lin, "Divergence measures based on the Shannon entropy", IEEE
 *     Transactions on Information Theory 37, 1991)
 * @param divergenceExamples how many examples the divergence was taken of: all, or a sample where
 *     it would take more than a billion logarithms
 */
public record Diversity(
    MemberPairs disagreement,
    MemberPairs yulesQ,
    MemberPairs doubleFault,
    MemberPairs divergence,
    int divergenceExamples) {

  /**
   * Of all pairs.
   *
   * @param seed of the sample for the divergence, if one is needed
   */
  public static Diversity of(MemberPredictions predictions, long seed) {
    DiversitySums sums = DiversitySums.of(predictions, seed);
    MemberAnswers.forEach(predictions, sums::add);
    return sums.diversity();
  }
}
