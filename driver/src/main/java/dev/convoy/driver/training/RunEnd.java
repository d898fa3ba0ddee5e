package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.DataException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.worker.training.EvaluationSums;
import java.util.List;
import java.util.Optional;

/**
 * Tests what a run has come to, and writes what it leaves. Driver only.
 *
 * @param history complete
 * @param stepsPerEpoch of the worker that has most
 */
record RunEnd(
    RunContext context, RunHistory history, RunValidation validation, long stepsPerEpoch) {

  /** Of a run that was suspended and can go on: nothing is written. */
  TrainingOutcome suspended(TrainingState state) {
    return outcome(
        state,
        Reports.summary(
            context, state, state.parameters(), Optional.empty(), history.bestEvaluation(state)));
  }

  /** Of a run that has ended: model, report, and last its summary. */
  TrainingOutcome ended(TrainingState state) {
    RunDirectory directory = context.directory();
    Progress progress = context.progress();
    boolean usable = state.status() != Status.DIVERGED || state.best().isPresent();
    float[] best = usable ? validation.result(state) : validation.unmeasured(state);
    if (usable) {
      directory.write(RunDirectory.MODEL, out -> Reports.writeModel(context, best, out));
    }
    // Images that are shared may have a test that is not this run's.
    boolean tests = usable && context.configuration().data().isTested();
    Optional<EvaluationSums> test = tests ? test(best) : Optional.empty();
    directory.writeQuarantine(context.data().quarantined());
    JsonNode summary = Reports.summary(context, state, best, test, history.bestEvaluation(state));
    List<RoundLine> rounds = progress.isShown() ? history.rounds() : List.of();
    List<String> suggestions = progress.isShown() ? writeReport(state.status(), rounds) : List.of();
    directory.writeSummary(summary);
    suggestions.forEach(suggestion -> progress.say("curves: " + suggestion));
    if (progress.isShown() && Synchronisation.dependsOnFrequency(averaging())) {
      Synchronisation.of(rounds)
          .advice(state.position().batches(), stepsPerEpoch)
          .ifPresent(progress::say);
    }
    return outcome(state, summary);
  }

  private RunConfiguration.Averaging averaging() {
    return context.configuration().training().averaging();
  }

  private Optional<EvaluationSums> test(float[] parameters) {
    try {
      return context
          .data()
          .test()
          .map(shards -> context.workers().evaluate(shards.view(), parameters));
    } catch (DataException e) {
      context
          .progress()
          .say(
              "training has ended and its model is written to "
                  + context.directory().location()
                  + "; only the test is missing, which the same command makes up for");
      throw e;
    }
  }

  /** Writes report.html; returns what the curves suggest. */
  private List<String> writeReport(Status status, List<RoundLine> rounds) {
    RunDirectory directory = context.directory();
    TrainingReport report = new TrainingReport(rounds, history.evaluationLines());
    directory.write(
        RunDirectory.REPORT,
        out -> report.write(context.configuration().name(), status.key(), out));
    return status == Status.DIVERGED ? List.of() : report.suggestions();
  }

  private TrainingOutcome outcome(TrainingState state, JsonNode summary) {
    return new TrainingOutcome(
        state.status(),
        state.epochsBegun(),
        state
            .best()
            .map(best -> new Evaluation(best.epoch(), best.round(), best.loss(), best.accuracy())),
        summary,
        history.evaluations());
  }
}
