package dev.convoy.driver.ensemble;

import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.Answer;
import dev.convoy.driver.configuration.EnsembleSettings.Select;
import dev.convoy.driver.ensemble.fit.GreedySelection;
import dev.convoy.driver.ensemble.fit.MemberWeights;
import dev.convoy.driver.ensemble.fit.StackingFit;
import dev.convoy.driver.ensemble.fit.TemperatureFit;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.CombinationRule;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.GeometricMean;
import dev.convoy.worker.ensemble.HardVote;
import dev.convoy.worker.ensemble.SoftVote;
import java.util.Optional;

/** Learns how members are combined, from their predictions for labelled images. */
final class CombinationFit {
  /** Greedy selection starts with the best member alone. */
  private static final int SORTED = 1;

  private CombinationFit() {}

  /**
   * The combination.
   *
   * @param predictions to learn from; empty if nothing is to be learned
   */
  static CombinationSettings learn(
      EnsembleSettings settings,
      int members,
      int classes,
      Optional<MemberPredictions> predictions) {
    Answer answer = settings.answer();
    CombinationRule rule =
        switch (answer.combine()) {
          case SOFT ->
              answer.select() == Select.GREEDY
                  ? GreedySelection.of(
                          predictions.orElseThrow(),
                          settings.metric(),
                          answer.selectionRounds(),
                          SORTED)
                      .rule()
                  : new SoftVote();
          case GEOMETRIC -> new GeometricMean();
          case WEIGHTED -> MemberWeights.of(predictions.orElseThrow()).rule();
          case HARD -> new HardVote();
          case STACKED ->
              StackingFit.of(predictions.orElseThrow(), answer.stackingExamples(), settings.seed())
                  .rule();
        };
    double temperature =
        answer.calibrate() ? TemperatureFit.of(predictions.orElseThrow(), rule).temperature() : 1;
    return new CombinationSettings(members, classes, rule, temperature);
  }
}
