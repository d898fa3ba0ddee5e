package dev.convoy.driver.training;

import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.configuration.RunConfiguration.MovingAverageSettings;
import dev.convoy.driver.configuration.RunConfiguration.MovingAverageSettings.Keep;
import dev.convoy.driver.state.EarlyStopping.Metric;
import dev.convoy.driver.state.TrainingState.Weights;
import dev.convoy.worker.training.EvaluationSums;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a validation found of the weights that a run has: those that it trains, and their moving
 * average if it keeps one.
 *
 * @param all of them
 * @param kept the one that counts
 */
record ValidatedWeights(List<Candidate> all, Candidate kept) {
  /**
   * Weights and what they came to.
   *
   * @param weights whose they are
   * @param parameters flat
   * @param sums on the validation images
   */
  record Candidate(Weights weights, float[] parameters, EvaluationSums sums) {
    /** The metric's value. */
    double value(Metric metric) {
      return metric.of(sums.loss(), sums.accuracy());
    }
  }

  /** Copies the list. */
  ValidatedWeights {
    all = List.copyOf(all);
  }

  /**
   * Evaluates what there is, and keeps what the settings say by the metric.
   *
   * @param preparation of the weights, before they are evaluated
   */
  static ValidatedWeights of(
      AveragedModel model,
      Optional<MovingAverageSettings> average,
      Metric metric,
      UnaryOperator<float[]> preparation,
      Function<float[], EvaluationSums> evaluation) {
    List<Candidate> all = new ArrayList<>();
    all.add(candidate(Weights.CURRENT, preparation.apply(model.parameters()), evaluation));
    model
        .movingAverage()
        .map(preparation)
        .ifPresent(weights -> all.add(candidate(Weights.AVERAGE, weights, evaluation)));
    Keep keep = average.map(MovingAverageSettings::keep).orElse(Keep.CURRENT);
    Candidate kept =
        switch (keep) {
          case CURRENT -> all.get(0);
          case AVERAGE -> all.get(all.size() - 1);
          case BETTER ->
              all.stream()
                  .min(Comparator.comparingDouble(one -> metric.asLoss(one.value(metric))))
                  .orElseThrow();
        };
    return new ValidatedWeights(all, kept);
  }

  private static Candidate candidate(
      Weights weights, float[] parameters, Function<float[], EvaluationSums> evaluation) {
    return new Candidate(weights, parameters, evaluation.apply(parameters));
  }

  /** What a run that is never validated ends with. */
  static float[] unvalidated(AveragedModel model, Optional<MovingAverageSettings> average) {
    return average
        .filter(settings -> settings.keep() != Keep.CURRENT)
        .flatMap(settings -> model.movingAverage())
        .orElseGet(model::parameters);
  }
}
