package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.Combination;
import java.util.Locale;
import java.util.function.Consumer;

/** What the ensemble says of one example. One object is filled anew for each example. */
final class EnsembleAnswer {
  private final double[] probabilities;
  private MemberAnswers members;
  private int predicted;
  private Uncertainty uncertainty;

  private EnsembleAnswer(int classes) {
    probabilities = new double[classes];
  }

  /**
   * Goes through the examples as {@link MemberAnswers#forEach} does.
   *
   * @param consumer must not keep what it is given
   * @return how many it was given
   * @throws IllegalArgumentException also if a combined probability is negative or not finite
   */
  static int forEach(
      MemberPredictions predictions, Combination combination, Consumer<EnsembleAnswer> consumer) {
    EnsembleAnswer answer = new EnsembleAnswer(predictions.classes());
    return MemberAnswers.forEach(
        predictions,
        members -> {
          answer.combine(members, combination);
          consumer.accept(answer);
        });
  }

  private void combine(MemberAnswers answers, Combination combination) {
    members = answers;
    combination.combine(answers.probabilities(), answers.parts(), probabilities);
    for (double probability : probabilities) {
      if (!(probability >= 0 && probability < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Cannot measure the ensemble: expected probabilities, found %s combined at example"
                    + " %d",
                probability,
                answers.example()));
      }
    }
    predicted = MostProbable.of(probabilities);
    uncertainty = null;
  }

  MemberAnswers members() {
    return members;
  }

  /** One for each class. Not to be changed. */
  double[] probabilities() {
    return probabilities;
  }

  /** The class that the ensemble takes this example for. */
  int predicted() {
    return predicted;
  }

  boolean right() {
    return predicted == members.label();
  }

  /** How sure the ensemble is; the logarithms are taken at the first call. */
  Uncertainty uncertainty() {
    if (uncertainty == null) {
      uncertainty = Uncertainty.of(members.probabilities(), members.parts(), probabilities);
    }
    return uncertainty;
  }
}
