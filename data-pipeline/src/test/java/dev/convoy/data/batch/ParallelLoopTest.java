package dev.convoy.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ParallelLoopTest {
  @Test
  void everyTurnIsTakenOnce() throws Exception {
    AtomicIntegerArray times = new AtomicIntegerArray(1000);

    ParallelLoop.run(times.length(), times::incrementAndGet);

    for (int i = 0; i < times.length(); i++) {
      assertThat(times.get(i)).isEqualTo(1);
    }
    ParallelLoop.run(0, i -> assertThat(i).isNegative());
  }

  @Test
  void whatATurnThrowsEndsTheLoop() {
    IllegalStateException failure = new IllegalStateException("broken");

    assertThatThrownBy(
            () ->
                ParallelLoop.run(
                    100,
                    i -> {
                      if (i == 50) {
                        throw failure;
                      }
                    }))
        .isSameAs(failure);
  }

  @Test
  void anInterruptedLoopEndsWhenNoTurnIsUnderWay() {
    int turns = 1 << 30;
    AtomicInteger begun = new AtomicInteger();
    AtomicBoolean isUnderWay = new AtomicBoolean();
    AtomicBoolean hasReturned = new AtomicBoolean();
    Thread caller = Thread.currentThread();

    assertThatThrownBy(
            () ->
                ParallelLoop.run(
                    turns,
                    i -> {
                      begun.incrementAndGet();
                      if (i == 0) {
                        isUnderWay.set(true);
                        caller.interrupt();
                        awaitNoticedBy(caller, hasReturned);
                        isUnderWay.set(false);
                      }
                    }))
        .isInstanceOf(InterruptedException.class);

    assertThat(isUnderWay).isFalse();
    hasReturned.set(true);
    assertThat(begun.get()).isBetween(1, turns - 1);
  }

  /** Until a thread has noticed its interruption and waits again, or has returned. */
  private static void awaitNoticedBy(Thread caller, AtomicBoolean hasReturned) {
    while ((caller.isInterrupted() || caller.getState() != Thread.State.WAITING)
        && !hasReturned.get()) {
      Thread.onSpinWait();
    }
  }
}
