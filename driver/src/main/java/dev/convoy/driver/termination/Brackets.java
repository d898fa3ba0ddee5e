package dev.convoy.driver.termination;

import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * Trials in brackets that are compared with each other alone: once all of a bracket have come to a
 * rung, one of every so many goes on to the next (Jamieson and Talwalkar, AISTATS 2016). What a
 * trial comes to therefore depends on no order in time. With brackets of one trial it is plain
 * search; with brackets that begin at different rungs it is Hyperband (Li et al., JMLR 2018).
 */
public class Brackets implements Scheduler {
  private final Rungs rungs;
  private final int reductionFactor;
  private final IntFunction<Shape> shapes;
  private final Limits limits;
  private final TreeMap<Integer, Bracket> open = new TreeMap<>();
  private final List<Integer> leftBehind = new ArrayList<>();
  private int nextTrial;
  private int nextBracket;

  /**
   * How a bracket begins.
   *
   * @param trials in it
   * @param firstRung that they are trained to
   */
  record Shape(int trials, int firstRung) {}

  Brackets(Rungs rungs, int reductionFactor, IntFunction<Shape> shapes, Limits limits) {
    this.rungs = rungs;
    this.reductionFactor = reductionFactor;
    this.shapes = shapes;
    this.limits = limits;
  }

  /** Every trial to its end. */
  public static Brackets plain(int maxEpochs, Limits limits) {
    return new Brackets(Rungs.none(maxEpochs), 2, bracket -> new Shape(1, 0), limits);
  }

  /** How many of so many trials are in whole brackets. */
  static int wholeBrackets(IntFunction<Shape> shapes, int trials) {
    long begun = 0;
    for (int bracket = 0; begun + shapes.apply(bracket).trials() <= trials; bracket++) {
      begun += shapes.apply(bracket).trials();
    }
    return (int) begun;
  }

  @Override
  public final Optional<Assignment> next() {
    for (Bracket bracket : open.values()) {
      Optional<Assignment> next = bracket.next();
      if (next.isPresent()) {
        return next;
      }
    }
    boolean awaitsStage = limits.isFirstOfStage().test(nextTrial) && !open.isEmpty();
    Bracket bracket = create();
    if (awaitsStage || (long) nextTrial + bracket.trials > limits.trials()) {
      return Optional.empty();
    }
    return bracket
        .next()
        .map(
            first ->
                new Assignment(
                    first.trial(), first.rung(), first.epochs(), bracket.outstandingEpochs()));
  }

  private Bracket create() {
    Shape shape = shapes.apply(nextBracket);
    return new Bracket(nextTrial, shape.trials(), shape.firstRung());
  }

  @Override
  public final void begun(Assignment assignment) {
    while (assignment.trial() >= nextTrial) {
      Bracket bracket = create();
      open.put(nextTrial, bracket);
      nextTrial += bracket.trials;
      nextBracket++;
    }
    bracketOf(assignment).getValue().begun(assignment);
  }

  @Override
  public final void ended(Assignment assignment, RungResult standing) {
    Entry<Integer, Bracket> bracket = bracketOf(assignment);
    bracket.getValue().ended(standing);
    if (bracket.getValue().isClosed()) {
      open.remove(bracket.getKey());
    }
  }

  @Override
  public final void returned(Assignment assignment) {
    bracketOf(assignment).getValue().returned(assignment.trial());
  }

  @Override
  public final List<Integer> takeLeftBehind() {
    List<Integer> asked = List.copyOf(leftBehind);
    leftBehind.clear();
    return asked;
  }

  private Entry<Integer, Bracket> bracketOf(Assignment assignment) {
    return open.floorEntry(assignment.trial());
  }

  @Override
  public final long outstandingEpochs() {
    return open.values().stream().mapToLong(Bracket::outstandingEpochs).sum();
  }

  /** Trials with consecutive numbers. */
  private final class Bracket {
    private final int trials;
    private final int firstRung;
    private final TreeSet<Integer> pending = new TreeSet<>();
    private final TreeSet<Integer> running = new TreeSet<>();
    private final List<RungResult> ended = new ArrayList<>();
    private int rung;

    Bracket(int first, int trials, int firstRung) {
      this.trials = trials;
      this.firstRung = firstRung;
      this.rung = firstRung;
      for (int trial = first; trial < first + trials; trial++) {
        pending.add(trial);
      }
    }

    Optional<Assignment> next() {
      return pending.isEmpty()
          ? Optional.empty()
          : Optional.of(new Assignment(pending.first(), rung, rungs.until(rung), 0));
    }

    void begun(Assignment assignment) {
      if (assignment.rung() != rung || !pending.remove(assignment.trial())) {
        throw new IllegalStateException(
            "Cannot begin " + assignment + ": expected rung " + rung + " and one of " + pending);
      }
      running.add(assignment.trial());
    }

    void returned(int trial) {
      running.remove(trial);
      pending.add(trial);
    }

    void ended(RungResult standing) {
      running.remove(standing.trial());
      ended.add(standing);
      if (pending.isEmpty() && running.isEmpty() && !rungs.isLast(rung)) {
        promote();
      }
    }

    private void promote() {
      ended.stream()
          .sorted(RungResult.BEST_FIRST)
          .limit(promoted(ended.size()))
          .filter(RungResult::canGoOn)
          .map(RungResult::trial)
          .forEach(pending::add);
      ended.stream()
          .filter(RungResult::canGoOn)
          .map(RungResult::trial)
          .filter(trial -> !pending.contains(trial))
          .forEach(leftBehind::add);
      ended.clear();
      rung++;
    }

    /** At least one, so that every bracket has a trial that reaches the end. */
    private int promoted(int atRung) {
      return Math.max(1, atRung / reductionFactor);
    }

    boolean isClosed() {
      return pending.isEmpty() && running.isEmpty();
    }

    long outstandingEpochs() {
      int here = pending.size() + running.size();
      long epochs = (long) here * rungs.increment(rung, firstRung);
      int members = here + ended.size();
      for (int later = rung + 1; later < rungs.count(); later++) {
        members = promoted(members);
        epochs += (long) members * rungs.increment(later, firstRung);
      }
      return epochs;
    }
  }
}
