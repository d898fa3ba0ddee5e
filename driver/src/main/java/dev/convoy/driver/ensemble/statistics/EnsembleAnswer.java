package dev.convoy.driver.ensemble.statistics;

import dev.convoy.data.Text;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.ensemble.Combination;
import dev.convoy.worker.ensemble.MemberAnswers;
import java.util.function.Consumer;

/**
 * What the members and the ensemble answer about one example. One object is filled anew for each
 * example; arrays belong to it.
 */
final class EnsembleAnswer {
  private final MemberPredictions predictions;
  private final Combination combination;
  private final int[] memberPredicted;
  private final double[] mean;
  private final double[] probabilities;
  private MemberAnswers members;
  private int example;
  private int predicted;
  private Uncertainty uncertainty;

  private EnsembleAnswer(MemberPredictions predictions, Combination combination) {
    this.predictions = predictions;
    this.combination = combination;
    memberPredicted = new int[predictions.members()];
    mean = new double[predictions.classes()];
    probabilities = new double[predictions.classes()];
  }

  /**
   * Goes through the examples that at least one member answers, in ascending order.
   *
   * @param consumer must not keep its argument
   * @return how many these are
   * @throws IllegalArgumentException if a label is not a class, or a probability, of a member or
   *     combined, is negative or not finite
   */
  static int forEach(
      MemberPredictions predictions, Combination combination, Consumer<EnsembleAnswer> consumer) {
    EnsembleAnswer answer = new EnsembleAnswer(predictions, combination);
    return predictions.forEachAnswered(
        (example, members) -> {
          answer.fill(example, members);
          consumer.accept(answer);
        });
  }

  private void fill(int next, MemberAnswers answers) {
    example = next;
    members = answers;
    uncertainty = null;
    if (label() < 0 || label() >= classes()) {
      throw new IllegalArgumentException(
          Text.of(
              "Cannot measure the ensemble: expected labels from 0 to %d, found %d at example %d",
              classes() - 1, label(), example));
    }
    for (int member = 0; member < members(); member++) {
      if (takesPart(member)) {
        requireProbabilities(member);
        memberPredicted[member] = answers.mostProbable(member);
      }
    }
    answers.mean(mean);
    combination.combine(answers.probabilities(), answers.parts(), probabilities);
    for (double probability : probabilities) {
      if (!(probability >= 0 && probability < Double.POSITIVE_INFINITY)) {
        throw unexpected(probability, "combined", "");
      }
    }
    predicted = Probabilities.argmax(probabilities);
  }

  private void requireProbabilities(int member) {
    for (int i = 0; i < classes(); i++) {
      float probability = members.probability(member, i);
      if (!(probability >= 0 && probability < Float.POSITIVE_INFINITY)) {
        throw unexpected(probability, "of member " + member, ". Leave out members that diverged.");
      }
    }
  }

  private IllegalArgumentException unexpected(Number found, String whose, String advice) {
    return new IllegalArgumentException(
        Text.of(
            "Cannot measure the ensemble: expected probabilities, found %s %s at example %d%s",
            found, whose, example, advice));
  }

  /** The index of the example. */
  int example() {
    return example;
  }

  /** The id of the example in the listing of its source. */
  int id() {
    return predictions.id(example);
  }

  /** The class of the example. */
  int label() {
    return predictions.label(example);
  }

  int classes() {
    return probabilities.length;
  }

  int members() {
    return memberPredicted.length;
  }

  /** The members' probabilities, and which members take part. */
  MemberAnswers ofMembers() {
    return members;
  }

  boolean takesPart(int member) {
    return members.parts()[member];
  }

  /** The most probable class according to a member that takes part. */
  int predicted(int member) {
    return memberPredicted[member];
  }

  /** The mean probabilities of the members that take part. */
  double[] mean() {
    return mean;
  }

  /** The ensemble's probabilities. */
  double[] probabilities() {
    return probabilities;
  }

  /** The most probable class according to the ensemble. */
  int predicted() {
    return predicted;
  }

  boolean isRight() {
    return predicted == label();
  }

  /** How uncertain the ensemble is; computed at the first call. */
  Uncertainty uncertainty() {
    if (uncertainty == null) {
      uncertainty = Uncertainty.of(members, probabilities);
    }
    return uncertainty;
  }
}
