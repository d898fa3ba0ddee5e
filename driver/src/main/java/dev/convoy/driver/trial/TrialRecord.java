package dev.convoy.driver.trial;

import dev.convoy.driver.directory.Journal;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.trial.TrialEvent.Clock;
import java.util.List;

/** What is written of trials, and what they have come to by it. Used by one thread. */
public final class TrialRecord {
  private final Journal journal;
  private final String noun;
  private final EarlyStopping.Metric metric;
  private final Trials trials;
  private final long start = System.nanoTime();
  private double earlierSeconds;

  /** The record of a plan's trials. */
  public TrialRecord(Journal journal, String noun, EarlyStopping.Metric metric) {
    this.journal = journal;
    this.noun = noun;
    this.metric = metric;
    this.trials = new Trials(metric);
  }

  /** What the trials have come to. */
  public Trials trials() {
    return trials;
  }

  /** Reads what was written before. */
  List<TrialEvent> recall() {
    List<TrialEvent> events =
        journal.read().stream().map(line -> TrialEvent.of(line, noun, metric)).toList();
    for (TrialEvent event : events) {
      earlierSeconds = event.clock().elapsedSeconds();
      if (!event.isBeginning()) {
        trials.add(event);
      }
    }
    return events;
  }

  /** Seconds over all attempts. */
  public double elapsedSeconds() {
    return earlierSeconds + (System.nanoTime() - start) / 1e9;
  }

  void begun(Trial trial, Assignment assignment) {
    TrialResult state = TrialResult.without(TrialState.RUNNING, "");
    journal.append(event(trial, assignment, state, 0).toJson(noun, metric));
  }

  TrialEvent ended(Trial trial, Assignment assignment, TrialResult result, double seconds) {
    TrialEvent event = event(trial, assignment, result, seconds);
    journal.append(event.toJson(noun, metric));
    trials.add(event);
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
}
