package dev.convoy.driver.ensemble.statistics;

import dev.convoy.worker.Probabilities;
import dev.convoy.worker.ensemble.MemberAnswers;

/**
 * How uncertain an ensemble is of one example, or of many in the mean. Uncertainty that all members
 * share comes from the data; uncertainty from their differences could be reduced by more training
 * data (Depeweg, Hernández-Lobato, Doshi-Velez and Udluft, "Decomposition of Uncertainty in
 * Bayesian Deep Learning for Efficient and Risk-sensitive Learning", ICML 2018; Gal, "Uncertainty
 * in Deep Learning", University of Cambridge, 2016). Entropies are in nats, from 0 to ln(classes).
 *
 * @param predictiveEntropy of the ensemble's answer
 * @param expectedEntropy mean of the entropies of the members' answers
 * @param mutualInformation of the class and the choice of a member: the entropy of the members'
 *     mean less the expected entropy, at least 0. With a soft vote this is the predictive less the
 *     expected entropy; with other combinations that difference could be below 0
 * @param disagreement share of members that predict another class than the ensemble, from 0 to 1
 */
public record Uncertainty(
    double predictiveEntropy,
    double expectedEntropy,
    double mutualInformation,
    double disagreement) {

  /**
   * Of one example.
   *
   * @param members of which at least one takes part
   * @param combined the ensemble's probabilities, one for each class
   */
  public static Uncertainty of(MemberAnswers members, double[] combined) {
    int predicted = Probabilities.argmax(combined);
    double entropies = 0;
    int differing = 0;
    for (int member = 0; member < members.members(); member++) {
      if (members.parts()[member]) {
        differing += members.mostProbable(member) == predicted ? 0 : 1;
        entropies +=
            Probabilities.entropy(
                members.probabilities(), member * members.classes(), members.classes());
      }
    }
    double[] mean = new double[combined.length];
    members.mean(mean);
    double expected = entropies / members.taking();
    return new Uncertainty(
        Probabilities.entropy(combined),
        expected,
        Math.max(0, Probabilities.entropy(mean) - expected), // rounding may give less than 0
        (double) differing / members.taking());
  }

  /**
   * How uncertain an ensemble is of a data set. If members know what they do not know, mutual
   * information is higher for wrong answers.
   *
   * @param overall mean over examples; NaN without any
   * @param rightAnswers mean over the examples that are taken for the right class; NaN without any
   * @param wrongAnswers mean over the examples that are taken for a wrong class; NaN without any
   */
  public record Mean(Uncertainty overall, Uncertainty rightAnswers, Uncertainty wrongAnswers) {}

  /** Adds up right and wrong answers. */
  static final class Sums implements Statistic<Mean> {
    private final Sum overall = new Sum();
    private final Sum right = new Sum();
    private final Sum wrong = new Sum();

    @Override
    public void add(EnsembleAnswer answer) {
      overall.add(answer.uncertainty());
      (answer.isRight() ? right : wrong).add(answer.uncertainty());
    }

    @Override
    public Mean result() {
      return new Mean(overall.mean(), right.mean(), wrong.mean());
    }

    private static final class Sum {
      private long examples;
      private Uncertainty sum = new Uncertainty(0, 0, 0, 0);

      void add(Uncertainty next) {
        examples++;
        sum =
            new Uncertainty(
                sum.predictiveEntropy + next.predictiveEntropy,
                sum.expectedEntropy + next.expectedEntropy,
                sum.mutualInformation + next.mutualInformation,
                sum.disagreement + next.disagreement);
      }

      Uncertainty mean() {
        return new Uncertainty(
            sum.predictiveEntropy / examples,
            sum.expectedEntropy / examples,
            sum.mutualInformation / examples,
            sum.disagreement / examples);
      }
    }
  }
}
