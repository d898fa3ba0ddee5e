package dev.convoy.driver.ensemble;

import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.Answer;
import dev.convoy.driver.ensemble.fit.GreedySelection;
import dev.convoy.driver.ensemble.fit.MemberWeights;
import dev.convoy.driver.ensemble.fit.StackingFit;
import dev.convoy.driver.ensemble.fit.TemperatureFit;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.worker.ensemble.CombinationMethods;
import dev.convoy.worker.ensemble.CombinationRule;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.Learner;
import dev.convoy.worker.ensemble.StackedVote;
import java.util.List;
import java.util.Optional;

/** Learns how members are combined, from their predictions for labelled images. */
record CombinationFit(MemberPredictions predictions, EarlyStopping.Metric metric, long seed)
    implements Learner {
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
        CombinationMethods.FAMILY
            .create(answer.combine())
            .rule(new CombinationFit(predictions.orElse(null), settings.metric(), settings.seed()));
    double temperature =
        answer.calibrate() ? TemperatureFit.of(predictions.orElseThrow(), rule) : 1;
    return new CombinationSettings(members, classes, rule, temperature);
  }

  @Override
  public List<Double> mixtureWeights() {
    return MemberWeights.of(predictions);
  }

  @Override
  public List<Double> selection(int rounds) {
    return GreedySelection.of(predictions, metric, rounds).stream()
        .map(Integer::doubleValue)
        .toList();
  }

  @Override
  public StackedVote regression(int maxExamples) {
    return StackingFit.of(predictions, maxExamples, seed);
  }
}
