package dev.convoy.driver.termination;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import dev.convoy.driver.state.EarlyStopping;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * ASHA: whenever there is room, a trial that is among the best of those that have come to a rung so
 * far goes on to the next, from the highest rung down; a new trial begins where none is. Nothing
 * waits, but what is decided depends on what has ended by then.
 */
final class AsynchronousHalving extends RungRule {
  static final Component<TerminationRule> COMPONENT =
      Component.named("asha", "asynchronous halving: the best so far go on from each rung at once")
          .from("Li et al., A System for Massively Parallel Hyperparameter Tuning, 2020")
          .with(MIN_EPOCHS, REDUCTION_FACTOR)
          .createdBy(AsynchronousHalving::new);

  private AsynchronousHalving(OptionValues options) {
    super(options);
  }

  @Override
  public boolean resumesPausedTrials() {
    return true;
  }

  @Override
  public Scheduler scheduler(int maxEpochs, Scheduler.Limits limits, EarlyStopping.Metric metric) {
    return new Ladder(rungs(maxEpochs), reductionFactor, limits.trials());
  }

  /** The rungs and the trials that have come to them. */
  private static final class Ladder implements Scheduler {
    private final Rungs rungs;
    private final int reductionFactor;
    private final int trials;
    private final List<Rung> reached = new ArrayList<>();
    private final TreeMap<Integer, Assignment> running = new TreeMap<>();
    private final TreeMap<Integer, Assignment> brokenOff = new TreeMap<>();
    private int nextTrial;

    private static final class Rung {
      private final TreeSet<RungResult> standings = new TreeSet<>(RungResult.BEST_FIRST);
      private final Set<Integer> promoted = new HashSet<>();
    }

    private Ladder(Rungs rungs, int reductionFactor, int trials) {
      this.rungs = rungs;
      this.reductionFactor = reductionFactor;
      this.trials = trials;
      for (int rung = 0; rung < rungs.count(); rung++) {
        reached.add(new Rung());
      }
    }

    @Override
    public Optional<Assignment> next() {
      if (!brokenOff.isEmpty()) {
        return Optional.of(brokenOff.firstEntry().getValue());
      }
      for (int rung = rungs.count() - 2; rung >= 0; rung--) {
        Optional<Integer> promotable = promotable(reached.get(rung));
        if (promotable.isPresent()) {
          return Optional.of(assignment(promotable.get(), rung + 1));
        }
      }
      return nextTrial < trials ? Optional.of(assignment(nextTrial, 0)) : Optional.empty();
    }

    private Optional<Integer> promotable(Rung rung) {
      return rung.standings.stream()
          .limit(rung.standings.size() / reductionFactor)
          .filter(standing -> standing.canGoOn() && !rung.promoted.contains(standing.trial()))
          .map(RungResult::trial)
          .findFirst();
    }

    private Assignment assignment(int trial, int rung) {
      return new Assignment(trial, rung, rungs.until(rung), rungs.increment(rung, 0));
    }

    @Override
    public void begun(Assignment assignment) {
      brokenOff.remove(assignment.trial());
      running.put(assignment.trial(), assignment(assignment.trial(), assignment.rung()));
      if (assignment.rung() > 0) {
        reached.get(assignment.rung() - 1).promoted.add(assignment.trial());
      }
      nextTrial = Math.max(nextTrial, assignment.trial() + 1);
    }

    @Override
    public void ended(Assignment assignment, RungResult standing) {
      running.remove(assignment.trial());
      reached.get(assignment.rung()).standings.add(standing);
    }

    @Override
    public void returned(Assignment assignment) {
      running.remove(assignment.trial());
      brokenOff.put(assignment.trial(), assignment(assignment.trial(), assignment.rung()));
    }

    @Override
    public long outstandingEpochs() {
      // What was broken off first is next, and its epochs are that assignment's commitment.
      return Stream.concat(running.values().stream(), brokenOff.values().stream().skip(1))
          .mapToLong(assignment -> rungs.increment(assignment.rung(), 0))
          .sum();
    }
  }
}
