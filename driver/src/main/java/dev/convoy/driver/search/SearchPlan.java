package dev.convoy.driver.search;

import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.SearchSettings.Budget;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.trial.Trial;
import dev.convoy.driver.trial.TrialHistory;
import dev.convoy.driver.trial.TrialPlan;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The trials of a search: samples of its space, each with a run directory in the search's. */
record SearchPlan(SearchDefinition definition, SearchDirectory directory) implements TrialPlan {
  @Override
  public String noun() {
    return "trial";
  }

  @Override
  public EarlyStopping.Metric metric() {
    return definition.settings().metric();
  }

  @Override
  public Limits limits() {
    Budget budget = definition.settings().budget();
    return new Limits(
        definition.trials(),
        budget.maxSeconds(),
        budget.maxEpochs(),
        budget.target(),
        definition.settings().folds().orElse(1),
        definition.settings().retries());
  }

  @Override
  public Trial trial(int number, TrialHistory earlier) {
    return definition.trial(number, earlier);
  }

  @Override
  public int workers(Trial trial) {
    return definition.workers(trial.sample());
  }

  @Override
  public List<RunConfiguration> runs(Trial trial) {
    if (definition.settings().folds().isEmpty()) {
      return List.of(
          definition.trialRun(trial, directory.runOf(trial.number()), OptionalInt.empty()));
    }
    return IntStream.rangeClosed(1, definition.settings().folds().getAsInt())
        .mapToObj(
            fold ->
                definition.trialRun(
                    trial, directory.runOf(trial.number(), fold), OptionalInt.of(fold)))
        .toList();
  }

  @Override
  public boolean differInData() {
    return definition.searchesData();
  }
}
