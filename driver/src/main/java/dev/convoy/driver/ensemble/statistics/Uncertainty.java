package dev.convoy.driver.ensemble.statistics;

/**
 * How sure an ensemble is of one example, or of many in the mean. What members agree to be unsure
 * of is in the data; what they differ in, more training data could settle (Depeweg,
 * Hernández-Lobato, Doshi-Velez and Udluft, "Decomposition of Uncertainty in Bayesian Deep Learning
 * for Efficient and Risk-sensitive Learning", ICML 2018; Gal, "Uncertainty in Deep Learning",
 * University of Cambridge, 2016). Entropies are in nats, from 0 to ln(classes).
 *
 * @param predictiveEntropy of the ensemble's answer
 * @param expectedEntropy mean of the entropies of the members' answers
 * @param mutualInformation of the class and the choice of a member: the entropy of the members'
 *     mean less the expected entropy, at least 0. With a soft vote this is the predictive less the
 *     expected entropy; with other combinations that difference could be below 0
 * @param disagreement share of members that take the example for another class than the ensemble
 *     does, from 0 to 1
 */
public record Uncertainty(
    double predictiveEntropy,
    double expectedEntropy,
    double mutualInformation,
    double disagreement) {

  /**
   * Of one example.
   *
   * @param probabilities of members, axes [member, class]
   * @param parts which members count, at least one
   * @param combined the ensemble's probabilities, one for each class
   */
  public static Uncertainty of(float[] probabilities, boolean[] parts, double[] combined) {
    int classes = combined.length;
    int predicted = MostProbable.of(combined);
    double[] mean = new double[classes];
    double entropies = 0;
    int members = 0;
    int differing = 0;
    for (int member = 0; member < parts.length; member++) {
      if (parts[member]) {
        int from = member * classes;
        members++;
        differing += MostProbable.of(probabilities, from, classes) == predicted ? 0 : 1;
        entropies += Entropy.of(probabilities, from, classes);
        for (int i = 0; i < classes; i++) {
          mean[i] += probabilities[from + i];
        }
      }
    }
    for (int i = 0; i < classes; i++) {
      mean[i] /= members;
    }
    double expected = entropies / members;
    return new Uncertainty(
        Entropy.of(combined),
        expected,
        Math.max(0, Entropy.of(mean) - expected), // rounding may take equal answers below 0
        (double) differing / members);
  }
}
