package dev.convoy.driver.ensemble.statistics;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.ensemble.HardVote;
import java.util.Arrays;

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

  /** Adds up examples. */
  static final class Sums {
    private final int[] votes;
    private long examples;
    private double loss;
    private double noise;
    private double weightedNoise;
    private double bias;
    private double unbiasedVariance;
    private double biasedVariance;
    private double correctingVariance;

    Sums(int classes) {
      votes = new int[classes];
    }

    /**
     * Adds an example.
     *
     * @param truth probability of each class
     */
    void add(EnsembleAnswer answer, double[] truth) {
      count(answer);
      double members = answer.ofMembers().taking();
      int best = Probabilities.argmax(truth);
      int main = HardVote.winner(votes, answer.mean());
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

    private void count(EnsembleAnswer answer) {
      Arrays.fill(votes, 0);
      for (int member = 0; member < answer.members(); member++) {
        if (answer.takesPart(member)) {
          votes[answer.predicted(member)]++;
        }
      }
    }

    ZeroOneDecomposition result() {
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
}
