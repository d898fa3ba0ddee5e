package dev.convoy.driver.search;

import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.SearchSettings;
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
final class SearchPlan implements TrialPlan {
  /** What a trial is called. */
  private static final String NOUN = "trial";

  private final SearchDefinition definition;
  private final SearchDirectory directory;
  private final SearchSettings settings;

  SearchPlan(SearchDefinition definition, SearchDirectory directory) {
    this.definition = definition;
    this.directory = directory;
    this.settings = definition.settings();
  }

  @Override
  public String noun() {
    return NOUN;
  }

  @Override
  public EarlyStopping.Metric metric() {
    return settings.metric();
  }

  @Override
  public Limits limits() {
    Budget budget = settings.budget();
    return new Limits(
        definition.trials(),
        budget.maxSeconds(),
        budget.maxEpochs(),
        budget.target(),
        settings.folds().orElse(1),
        settings.retries());
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
    if (settings.folds().isEmpty()) {
      return List.of(
          definition.trialRun(trial, directory.runOf(trial.number()), OptionalInt.empty()));
    }
    return IntStream.rangeClosed(1, settings.folds().getAsInt())
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
