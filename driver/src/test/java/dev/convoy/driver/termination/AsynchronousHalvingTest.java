package dev.convoy.driver.termination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.driver.termination.Scheduler.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AsynchronousHalvingTest {
  private final Scheduler scheduler = schedulerOf(100);

  private static Scheduler schedulerOf(int trials) {
    return Schedulers.of(ComponentSettings.defaults("asha"), 9, Limits.of(trials));
  }

  private Assignment begin() {
    Assignment next = scheduler.next().orElseThrow();
    scheduler.begun(next);
    return next;
  }

  private void end(Assignment assignment, double score) {
    scheduler.ended(
        assignment,
        new RungResult(assignment.trial(), score, assignment.epochs() != Assignment.TO_ITS_END));
  }

  @Test
  void nobodyWaitsForARung() {
    for (int trial = 0; trial < 5; trial++) {
      assertThat(begin()).isEqualTo(new Assignment(trial, 0, 1, 1));
    }
  }

  @Test
  void theBestOfThreeGoesOnAsSoonAsThereAreThree() {
    Assignment first = begin();
    Assignment second = begin();
    Assignment third = begin();
    end(first, 3);
    end(second, 1);
    assertThat(scheduler.next().orElseThrow().trial()).isEqualTo(3);
    end(third, 2);
    assertThat(scheduler.next()).contains(new Assignment(1, 1, 3, 2));
    begin();
    assertThat(scheduler.next().orElseThrow().trial()).as("once is enough").isEqualTo(3);
  }

  @Test
  void theHighestRungComesFirstAndTheLastIsTheEnd() {
    List<Assignment> all = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      all.add(begin());
    }
    all.forEach(assignment -> end(assignment, assignment.trial()));
    for (int i = 0; i < 3; i++) {
      Assignment promoted = begin();
      assertThat(promoted.rung()).isEqualTo(1);
      end(promoted, promoted.trial());
    }
    assertThat(scheduler.next()).contains(new Assignment(0, 2, Assignment.TO_ITS_END, 6));
  }

  @Test
  void aTrialThatHasEndedIsComparedButDoesNotGoOn() {
    Assignment first = begin();
    Assignment second = begin();
    Assignment third = begin();
    scheduler.ended(first, new RungResult(0, 0, false));
    end(second, 1);
    end(third, 2);
    assertThat(scheduler.next().orElseThrow().trial()).isEqualTo(3);
  }

  @Test
  void toldTheSameItDecidesTheSame() {
    Scheduler other = schedulerOf(100);
    for (int i = 0; i < 40; i++) {
      Optional<Assignment> next = scheduler.next();
      assertThat(other.next()).isEqualTo(next);
      Assignment assignment = begin();
      // As a record tells it: without epochs.
      other.begun(new Assignment(assignment.trial(), assignment.rung(), 0, 0));
      assertThat(other.outstandingEpochs()).isEqualTo(scheduler.outstandingEpochs());
      double score = (assignment.trial() * 7) % 10;
      RungResult standing =
          new RungResult(assignment.trial(), score, assignment.epochs() != Assignment.TO_ITS_END);
      scheduler.ended(assignment, standing);
      other.ended(new Assignment(assignment.trial(), assignment.rung(), 0, 0), standing);
    }
  }

  @Test
  void whatWasBrokenOffComesFirst() {
    begin();
    Assignment second = begin();
    scheduler.returned(new Assignment(second.trial(), 0, 0, 0));
    assertThat(scheduler.next()).contains(second);
  }

  @Test
  void endsWhenNothingCanBePromotedAndAllTrialsHaveBegun() {
    Scheduler two = schedulerOf(2);
    for (int i = 0; i < 2; i++) {
      Assignment assignment = two.next().orElseThrow();
      two.begun(assignment);
      two.ended(assignment, new RungResult(assignment.trial(), i, true));
    }
    assertThat(two.next()).isEmpty();
  }
}
