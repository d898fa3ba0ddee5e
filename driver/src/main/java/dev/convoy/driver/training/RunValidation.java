package dev.convoy.driver.training;

import dev.convoy.data.Text;
import dev.convoy.driver.averaging.StatisticsAveraging;
import dev.convoy.driver.cluster.ImageView;
import dev.convoy.driver.configuration.Interval;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.state.EarlyStopping.Observation;
import dev.convoy.driver.state.ReduceOnPlateau;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Best;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.training.ValidatedWeights.Candidate;
import dev.convoy.worker.optimizer.Segment.Kind;
import java.util.Optional;

/** Judges what a run has come to on its validation images, and keeps the best. Driver only. */
final class RunValidation {
  /** Without early stopping the best parameters are still those of the lowest loss. */
  private static final EarlyStopping NEVER =
      new EarlyStopping(EarlyStopping.Metric.VALIDATION_LOSS, Integer.MAX_VALUE, 0);

  private final RunContext context;
  private final RunConfiguration.Training training;
  private final boolean measuresStatistics;

  RunValidation(RunContext context) {
    this.context = context;
    this.training = context.configuration().training();
    this.measuresStatistics =
        training.averaging().statistics() == StatisticsAveraging.MEASURED
            && context.network().segments().stream()
                .anyMatch(one -> one.kind() == Kind.RUNNING_STATISTIC);
  }

  /** Whether a state is to be validated: as often as the configuration says, and at the end. */
  boolean isDue(TrainingState state, boolean epochEnds) {
    if (context.images().validation().isEmpty() || state.status() == Status.DIVERGED) {
      return false;
    }
    Interval every = training.validationEvery();
    boolean due =
        every.unit() == Interval.Unit.ROUNDS
            ? state.totals().rounds() % every.count() == 0
            : epochEnds && (state.position().epoch() + 1) % every.count() == 0;
    return due || state.status() != Status.RUNNING;
  }

  /**
   * Evaluates a state, says and records what came of it, and decides by it. A run that ends with a
   * loss that is no number has diverged.
   */
  TrainingState validate(TrainingState state, RunHistory history) {
    long start = System.nanoTime();
    EarlyStopping earlyStopping = training.earlyStopping().orElse(NEVER);
    ValidatedWeights validated = evaluate(state, earlyStopping.metric());
    Candidate kept = validated.kept();
    double value = kept.value(earlyStopping.metric());
    Observation observation = earlyStopping.observe(state.progress(), value);
    boolean improved = observation.verdict() == EarlyStopping.Verdict.IMPROVED;
    Evaluation evaluation =
        new Evaluation(
            state.position().epoch() + 1,
            state.totals().rounds(),
            kept.sums().loss(),
            kept.sums().accuracy());
    ReduceOnPlateau.Progress plateau =
        training
            .reduceOnPlateau()
            .map(rule -> rule.observe(state.plateau(), kept.value(rule.metric())))
            .orElse(state.plateau());
    double seconds = (System.nanoTime() - start) / 1e9;
    TrainingState next =
        state.validated(
            observation,
            plateau,
            improved ? Optional.of(best(evaluation, kept)) : Optional.empty(),
            seconds);
    if (next.status() != Status.RUNNING && !Double.isFinite(value)) {
      next = next.with(Status.DIVERGED);
    }
    history.addEvaluation(
        Reports.validation(next, validated, improved, seconds, context.data()), evaluation);
    context.progress().say(Reports.validationLine(next, validated, improved, training.epochs()));
    return next;
  }

  private ValidatedWeights evaluate(TrainingState state, EarlyStopping.Metric metric) {
    ImageView images = context.images().validation().orElseThrow();
    String description = Text.of("epoch %d, validation", state.position().epoch() + 1);
    return ValidatedWeights.of(
        state.model(),
        training.averaging().movingAverage(),
        metric,
        this::withStatistics,
        parameters ->
            context
                .cluster()
                .describing(description, () -> context.workers().evaluate(images, parameters)));
  }

  private static Best best(Evaluation evaluation, Candidate kept) {
    return new Best(
        evaluation.epoch(),
        evaluation.round(),
        evaluation.loss(),
        evaluation.accuracy(),
        kept.weights(),
        kept.parameters());
  }

  /** Parameters as they are evaluated and saved. */
  float[] withStatistics(float[] parameters) {
    return measuresStatistics
        ? context.workers().measureStatistics(context.images().train(), parameters)
        : parameters;
  }

  /** The best parameters so far; without validation, the last. */
  float[] result(TrainingState state) {
    return state.best().map(Best::parameters).orElseGet(() -> withStatistics(unmeasured(state)));
  }

  /** The last parameters with the statistics that training came to. */
  float[] unmeasured(TrainingState state) {
    return ValidatedWeights.unvalidated(state.model(), training.averaging().movingAverage());
  }
}
