package dev.convoy.driver.trial;

import dev.convoy.driver.directory.Journal;
import dev.convoy.driver.directory.RecordChecksum;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.termination.Assignment;
import dev.convoy.driver.trial.TrialEvent.Clock;
import java.util.List;
import java.util.function.LongSupplier;

/** Writes the events of trials to a journal and keeps their results. Used by one thread. */
public final class TrialRecord {
  private final Journal journal;
  private final String noun;
  private final EarlyStopping.Metric metric;
  private final TrialHistory trials;
  private final LongSupplier nanoTime;
  private final long start;
  private double earlierSeconds;

  /** The record of a plan's trials. */
  public TrialRecord(Journal journal, String noun, EarlyStopping.Metric metric) {
    this(journal, noun, metric, System::nanoTime);
  }

  /**
   * The same by another clock.
   *
   * @param nanoTime nanoseconds since any moment
   */
  public TrialRecord(
      Journal journal, String noun, EarlyStopping.Metric metric, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.journal = journal;
    this.noun = noun;
    this.metric = metric;
    this.trials = new TrialHistory(metric);
  }

  /** The results so far. */
  public TrialHistory trials() {
    return trials;
  }

  /** The events of a journal, as far as it is intact. */
  public static List<TrialEvent> read(Journal journal, String noun, EarlyStopping.Metric metric) {
    return journal.read(
        line ->
            RecordChecksum.verified(line)
                .map(record -> TrialEvent.of(record, noun, metric))
                .orElseThrow(() -> new IllegalArgumentException("its checksum is not right")));
  }

  /** Reads what was written before. */
  List<TrialEvent> recall() {
    List<TrialEvent> events = read(journal, noun, metric);
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
    return earlierSeconds + (nanoTime.getAsLong() - start) / 1e9;
  }

  void begun(Trial trial, Assignment assignment) {
    TrialResult state = TrialResult.without(TrialState.RUNNING, "");
    append(event(trial, assignment, state, 0));
  }

  TrialEvent ended(Trial trial, Assignment assignment, TrialResult result, double seconds) {
    TrialEvent event = event(trial, assignment, result, seconds);
    append(event);
    trials.add(event);
    return event;
  }

  private void append(TrialEvent event) {
    journal.append(RecordChecksum.add(event.toJson(noun, metric)));
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
