package dev.convoy.driver.ensemble;

import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.trial.Trial;
import dev.convoy.driver.trial.TrialHistory;
import dev.convoy.driver.trial.TrialPlan;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The members of an ensemble as trials, each with a run directory in the ensemble's. */
record MemberPlan(EnsembleDefinition definition, EnsembleDirectory directory) implements TrialPlan {
  @Override
  public String noun() {
    return "member";
  }

  @Override
  public EarlyStopping.Metric metric() {
    return definition.settings().metric();
  }

  @Override
  public Limits limits() {
    return new Limits(
        definition.runs(),
        Double.POSITIVE_INFINITY,
        OptionalInt.empty(),
        OptionalDouble.empty(),
        1,
        definition.settings().retries());
  }

  @Override
  public Trial trial(int number, TrialHistory earlier) {
    return definition.trial(number);
  }

  @Override
  public int workers(Trial trial) {
    return definition.workers(trial);
  }

  @Override
  public List<RunConfiguration> runs(Trial trial) {
    return List.of(definition.memberRun(trial, directory.runOf(trial.number())));
  }

  @Override
  public boolean differInData() {
    return false;
  }
}
