package dev.convoy.driver.termination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.termination.Scheduler.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BracketsTest {
  private static Scheduler halving(int bracketTrials, Limits limits) {
    return Schedulers.of(
        new ComponentSettings("halving", Map.of("bracket-trials", bracketTrials)), 9, limits);
  }

  private static Scheduler hyperband(int maxEpochs, Limits limits) {
    return Schedulers.of(ComponentSettings.defaults("hyperband"), maxEpochs, limits);
  }

  /** The higher its number, the better a trial is. */
  private static RungResult standing(Assignment assignment) {
    return new RungResult(
        assignment.trial(), -assignment.trial(), assignment.epochs() != Assignment.TO_ITS_END);
  }

  /** Runs up to {@code parallel} at once and ends them in random order; trial → rungs reached. */
  private static NavigableMap<Integer, List<Integer>> play(
      Scheduler scheduler, int parallel, long seed) {
    KeyedRandom random = KeyedRandom.of(seed, Purpose.TRIAL);
    NavigableMap<Integer, List<Integer>> reached = new TreeMap<>();
    List<Assignment> running = new ArrayList<>();
    while (true) {
      Optional<Assignment> next = running.size() < parallel ? scheduler.next() : Optional.empty();
      if (next.isPresent()) {
        scheduler.begun(next.get());
        running.add(next.get());
      } else if (running.isEmpty()) {
        return reached;
      } else {
        Assignment ended = running.remove(random.nextInt(running.size()));
        scheduler.ended(ended, standing(ended));
        reached.computeIfAbsent(ended.trial(), trial -> new ArrayList<>()).add(ended.rung());
      }
    }
  }

  @Test
  void plainSearchTrainsEveryTrialToItsEndOnce() {
    NavigableMap<Integer, List<Integer>> reached = play(Brackets.plain(9, Limits.of(20)), 3, 1);
    assertThat(reached)
        .hasSize(20)
        .allSatisfy((trial, rungs) -> assertThat(rungs).containsExactly(0));
  }

  @Test
  void theBestThirdOfABracketGoesOnFromEveryRung() {
    NavigableMap<Integer, List<Integer>> reached = play(halving(9, Limits.of(18)), 2, 1);
    assertThat(reached).hasSize(18);
    assertThat(reached.get(8)).containsExactly(0, 1, 2);
    assertThat(reached.get(7)).containsExactly(0, 1);
    assertThat(reached.get(6)).containsExactly(0, 1);
    assertThat(reached.get(5)).containsExactly(0);
    assertThat(reached.get(17)).as("best of the second bracket").containsExactly(0, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatTrialsComeToDoesNotDependOnTheOrderInTime(long seed) {
    NavigableMap<Integer, List<Integer>> alone = play(hyperband(9, Limits.of(34)), 1, 0);
    assertThat(play(hyperband(9, Limits.of(34)), 1 + (int) seed, seed)).isEqualTo(alone);
  }

  @Test
  void hyperbandsBracketsAreThoseOfThePaper() {
    // Li et al., table 1, for R = 81 and a factor of 3: 81, 34, 15, 8, 5 trials (n_s rounded up).
    NavigableMap<Integer, List<Integer>> reached =
        play(hyperband(81, Limits.of(81 + 34 + 15 + 8 + 5)), 4, 1);
    assertThat(reached).hasSize(143);
    assertThat(reached.subMap(0, 81).values()).allMatch(path -> path.get(0) == 0);
    assertThat(reached.subMap(81, 115).values()).allMatch(path -> path.get(0) == 1);
    assertThat(reached.subMap(115, 130).values()).allMatch(path -> path.get(0) == 2);
    assertThat(reached.subMap(130, 138).values()).allMatch(path -> path.get(0) == 3);
    assertThat(reached.subMap(138, 143).values()).allMatch(path -> path.equals(List.of(4)));
  }

  @Test
  void aBracketThatDoesNotFitInWholeDoesNotBegin() {
    assertThat(play(halving(9, Limits.of(17)), 2, 1)).hasSize(9);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 17, 18, 20, 22, 40})
  void trialsOfWholeBracketsAreThoseThatBegin(int trials) {
    ComponentSettings halving = new ComponentSettings("halving", Map.of("bracket-trials", 9));
    for (ComponentSettings rule : List.of(halving, ComponentSettings.defaults("hyperband"))) {
      assertThat(TerminationRules.FAMILY.create(rule).begun(9, trials))
          .isEqualTo(play(Schedulers.of(rule, 9, Limits.of(trials)), 2, 1).size());
    }
  }

  @Test
  void moreTrialsLaterGiveWhatTheyWouldHaveGivenAtOnce() {
    List<Assignment> history = new ArrayList<>();
    Scheduler first = halving(9, Limits.of(9));
    for (Optional<Assignment> next = first.next(); next.isPresent(); next = first.next()) {
      history.add(next.get());
      first.begun(next.get());
      first.ended(next.get(), standing(next.get()));
    }
    Scheduler extended = halving(9, Limits.of(18));
    history.forEach(
        assignment -> {
          extended.begun(assignment);
          extended.ended(assignment, standing(assignment));
        });
    assertThat(extended.next().map(Assignment::trial)).contains(9);
  }

  @Test
  void whatWasBrokenOffBeginsAgain() {
    Scheduler scheduler = Brackets.plain(9, Limits.of(2));
    Assignment first = scheduler.next().orElseThrow();
    scheduler.begun(first);
    scheduler.returned(first);
    assertThat(scheduler.next().map(Assignment::trial)).contains(0);
  }

  @Test
  void theFirstPieceOfABracketCommitsToAllOfIt() {
    Scheduler scheduler = halving(9, Limits.of(9));
    Assignment first = scheduler.next().orElseThrow();
    assertThat(first.commitment()).isEqualTo(9 * 1 + 3 * 2 + 1 * 6);
    scheduler.begun(first);
    assertThat(scheduler.outstandingEpochs()).isEqualTo(21);
    scheduler.ended(first, standing(first));
    assertThat(scheduler.outstandingEpochs()).isEqualTo(20);
    assertThat(scheduler.next().orElseThrow().commitment()).isZero();
  }

  @Test
  void aTrialThatHasEndedDoesNotGoOnHoweverGoodItIs() {
    Scheduler scheduler = halving(3, Limits.of(3));
    for (int i = 0; i < 3; i++) {
      Assignment assignment = scheduler.next().orElseThrow();
      scheduler.begun(assignment);
      scheduler.ended(assignment, new RungResult(assignment.trial(), -i, i != 2));
    }
    assertThat(scheduler.next()).as("the only one that would go on has ended").isEmpty();
  }

  @Test
  void whoeverIsNotAmongTheBestOfARungIsLeftBehindOnceItCloses() {
    Scheduler scheduler = halving(9, Limits.of(9));
    for (int trial = 0; trial < 9; trial++) {
      assertThat(scheduler.takeLeftBehind()).isEmpty();
      Assignment assignment = scheduler.next().orElseThrow();
      scheduler.begun(assignment);
      // The fifth has come to its own end.
      scheduler.ended(assignment, new RungResult(trial, -trial, trial != 4));
    }
    assertThat(scheduler.takeLeftBehind()).containsExactlyInAnyOrder(0, 1, 2, 3, 5);
    assertThat(scheduler.takeLeftBehind()).as("told once").isEmpty();
  }

  @Test
  void aStageBeginsWhenAllBeforeItHaveEnded() {
    Scheduler scheduler = Brackets.plain(9, new Limits(10, trial -> trial == 2));
    Assignment first = scheduler.next().orElseThrow();
    scheduler.begun(first);
    Assignment second = scheduler.next().orElseThrow();
    scheduler.begun(second);
    assertThat(scheduler.next()).isEmpty();
    scheduler.ended(second, standing(second));
    assertThat(scheduler.next()).isEmpty();
    scheduler.ended(first, standing(first));
    assertThat(scheduler.next().map(Assignment::trial)).contains(2);
  }

  @Test
  void aRecordThatDoesNotFitIsRefused() {
    Scheduler scheduler = halving(9, Limits.of(9));
    assertThatThrownBy(() -> scheduler.begun(new Assignment(0, 2, 9, 0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Cannot begin");
  }

  @Test
  void rungsAreTheLastEpochDividedAgainAndAgain() {
    assertThat(Rungs.geometric(1, 81, 3).epochs()).containsExactly(1, 3, 9, 27, 81);
    assertThat(Rungs.geometric(2, 10, 2).epochs()).containsExactly(3, 5, 10);
    assertThat(Rungs.geometric(1, 10, 3).epochs()).containsExactly(1, 3, 10);
    assertThat(Rungs.geometric(5, 4, 3).epochs()).containsExactly(4);
    assertThat(Rungs.geometric(1, 3, 2).epochs()).containsExactly(1, 2, 3);
  }
}
