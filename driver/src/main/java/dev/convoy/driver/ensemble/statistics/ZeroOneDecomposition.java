package dev.convoy.driver.ensemble.statistics;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The share of wrong classes, taken apart for any number of classes (Domingos, "A Unified
 * Bias-Variance Decomposition and its Applications", ICML 2000): {@code loss = weightedNoise + bias
 * + netVariance()}. All are means over examples, NaN without any.
 *
 * <p>Of one example, y* is the most probable label, the main prediction the most frequent class
 * over members (of equals that with the higher mean probability, then the lower index). It is
 * biased if the main prediction is not y*, and its variance is the share of members that differ
 * from the main prediction. Variance does harm where there is no bias. Where there is, it helps as
 * far as members say y*: among two classes always, among more only then.
 *
 * @param loss probability that a member's class is not the label, both drawn at random; from 0 to 1
 * @param noise probability that the label is not y*, from 0 to 1
 * @param weightedNoise noise times Domingos's c₁ = P(member says y*) − P(member does not, but says
 *     the label | the label is not y*)
 * @param bias share of biased examples, from 0 to 1
 * @param unbiasedVariance variance of examples without bias, 0 for those with; from 0 to 1
 * @param biasedVariance variance of examples with bias, 0 for those without; from 0 to 1
 * @param correctingVariance as much of the biased variance as says y*: the sum of −c₂ · variance in
 *     Domingos's terms; with two classes all of it
 */
public record ZeroOneDecomposition(
    double loss,
    double noise,
    double weightedNoise,
    double bias,
    double unbiasedVariance,
    double biasedVariance,
    double correctingVariance) {

  /** By how much variance raises the loss, from −1 to 1: the unbiased less the correcting. */
  @JsonProperty
  public double netVariance() {
    return unbiasedVariance - correctingVariance;
  }

  /** Share of members that differ from the main prediction, from 0 to 1. */
  public double variance() {
    return unbiasedVariance + biasedVariance;
  }
}
