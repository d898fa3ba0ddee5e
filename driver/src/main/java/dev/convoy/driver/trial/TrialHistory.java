package dev.convoy.driver.trial;

import dev.convoy.driver.state.EarlyStopping;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The latest result of every trial, without its learning curve. */
public final class TrialHistory {
  private final EarlyStopping.Metric metric;
  private final Map<Integer, TrialEvent> latest = new TreeMap<>();
  private final Map<Integer, Integer> crashes = new HashMap<>();

  /** Epochs that a trial was trained for of what it was interrupted in. */
  private final Map<Integer, Long> interrupted = new HashMap<>();

  private long epochsSpent;
  private int changes;

  /** None so far. */
  public TrialHistory(EarlyStopping.Metric metric) {
    this.metric = metric;
  }

  /** Adds a result. */
  public void add(TrialEvent event) {
    TrialResult result = event.result();
    if (result.state() == TrialState.CRASHED) {
      crashes.merge(event.trial(), 1, Integer::sum);
      return;
    }
    long spent = epochsSpentWith(event.trial(), result);
    if (result.state() == TrialState.INTERRUPTED) {
      interrupted.merge(event.trial(), spent - epochsSpent, Long::sum);
    } else {
      interrupted.remove(event.trial());
    }
    epochsSpent = spent;
    latest.merge(event.trial(), withoutCurve(event), TrialHistory::after);
    changes++;
  }

  /**
   * What a trial came to at an earlier rung is not lost where it comes to nothing at a later one.
   */
  private static TrialEvent after(TrialEvent before, TrialEvent event) {
    TrialResult then = before.result();
    TrialResult now = event.result();
    boolean hasLess = now.score().metric().isEmpty() && then.score().metric().isPresent();
    return !hasLess
        ? event
        : event.with(
            new TrialResult(
                now.state(),
                Math.max(then.epochs(), now.epochs()),
                Math.max(then.epochsSpent(), now.epochsSpent()),
                then.score(),
                List.of(),
                now.reason()));
  }

  /** How many results have been added. */
  public int changes() {
    return changes;
  }

  /** Epochs of all trials together, with a new result of one. */
  long epochsSpentWith(int trial, TrialResult result) {
    TrialEvent before = latest.get(trial);
    long spentBefore = before == null ? 0 : before.result().epochsSpent();
    return epochsSpent + Math.max(0, result.epochsSpent() - spentBefore);
  }

  private static TrialEvent withoutCurve(TrialEvent event) {
    TrialResult result = event.result();
    return event.with(
        new TrialResult(
            result.state(),
            result.epochs(),
            result.epochsSpent(),
            result.score(),
            List.of(),
            result.reason()));
  }

  /** How often a trial has crashed. */
  public int crashes(int trial) {
    return crashes.getOrDefault(trial, 0);
  }

  /** Epochs of all trials together. */
  public long epochsSpent() {
    return epochsSpent;
  }

  /** Those among them that belong to work which was interrupted and has not ended since. */
  long epochsOfInterrupted() {
    return interrupted.values().stream().mapToLong(epochs -> epochs).sum();
  }

  /** The metric as a loss, lower is better; infinite without an evaluation. */
  public double loss(TrialEvent event) {
    return event.result().score().metric().stream()
        .map(metric::asLoss)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** Best first; the earlier trial where two are equal, and last those without a metric. */
  public List<TrialEvent> ranked() {
    return latest.values().stream()
        .sorted(Comparator.comparingDouble(this::loss).thenComparingInt(TrialEvent::trial))
        .toList();
  }

  /** The best that has a metric. */
  public Optional<TrialEvent> best() {
    return latest.values().stream()
        .filter(event -> Double.isFinite(loss(event)))
        .min(Comparator.comparingDouble(this::loss).thenComparingInt(TrialEvent::trial));
  }

  /** How many are in each state that some are in. */
  public SortedMap<TrialState, Long> counts() {
    return latest.values().stream()
        .collect(
            Collectors.groupingBy(
                event -> event.result().state(), TreeMap::new, Collectors.counting()));
  }

  /** The same in words: "2 completed, 1 stopped". */
  public String countsInWords() {
    return counts().entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey().key())
        .collect(Collectors.joining(", "));
  }

  /** All results, in the order of the trials' numbers. */
  public Collection<TrialEvent> all() {
    return latest.values();
  }
}
