package dev.convoy.driver.search;

import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.search.TrialEvent.Clock;
import dev.convoy.driver.state.EarlyStopping;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is written of a search, and what its trials have come to by it. Used by one thread. */
final class SearchRecord {
  private final SearchDirectory directory;
  private final EarlyStopping.Metric metric;
  private final Trials trials;
  private final TreeSet<Model> models =
      new TreeSet<>(Comparator.comparingDouble(Model::loss).thenComparingInt(Model::trial));
  private final Set<Integer> dropped = new HashSet<>();
  private final long start = System.nanoTime();
  private double earlierSeconds;

  private record Model(int trial, double loss) {}

  SearchRecord(SearchDirectory directory, EarlyStopping.Metric metric) {
    this.directory = directory;
    this.metric = metric;
    this.trials = new Trials(metric);
  }

  Trials trials() {
    return trials;
  }

  /** Reads what was written before. */
  List<TrialEvent> recall() {
    List<TrialEvent> events =
        directory.trials().stream().map(line -> TrialEvent.of(line, metric)).toList();
    for (TrialEvent event : events) {
      earlierSeconds = event.clock().elapsedSeconds();
      if (!event.isBeginning()) {
        add(event);
      }
    }
    return events;
  }

  private void add(TrialEvent event) {
    trials.add(event);
    if (event.result().state().isFinal() && event.result().state() != TrialState.FAILED) {
      models.add(new Model(event.trial(), trials.loss(event)));
    }
  }

  /** Seconds of the search, over all attempts. */
  double elapsedSeconds() {
    return earlierSeconds + (System.nanoTime() - start) / 1e9;
  }

  void begun(Trial trial, Assignment assignment) {
    TrialResult state = TrialResult.without(TrialState.RUNNING, "");
    directory.append(event(trial, assignment, state, 0).toJson(metric));
  }

  TrialEvent ended(Trial trial, Assignment assignment, TrialResult result, double seconds) {
    TrialEvent event = event(trial, assignment, result, seconds);
    directory.append(event.toJson(metric));
    add(event);
    return event;
  }

  private TrialEvent event(Trial trial, Assignment assignment, TrialResult result, double seconds) {
    return new TrialEvent(
        trial.number(),
        assignment.rung(),
        result,
        trial.sample().values(),
        new Clock(seconds, elapsedSeconds(), trials.epochsSpentWith(trial.number(), result)));
  }

  /** Removes the models of all but the best. */
  void dropModels(int keep, int folds) {
    while (models.size() > keep) {
      Model worst = models.pollLast();
      if (dropped.add(worst.trial())) {
        directory.deleteModel(worst.trial(), folds);
      }
    }
  }
}
