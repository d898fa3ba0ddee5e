package dev.convoy.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger begun = new AtomicInteger();
    Thread caller = Thread.currentThread();

    assertThatThrownBy(
            () ->
                ParallelLoop.run(
                    1_000_000,
                    i -> {
                      underWay.incrementAndGet();
                      begun.incrementAndGet();
                      caller.interrupt();
                      underWay.decrementAndGet();
                    }))
        .isInstanceOf(InterruptedException.class);
    // A turn may have interrupted after the loop had noticed.
    Thread.interrupted();
    assertThat(underWay).hasValue(0);
    assertThat(begun.get()).isBetween(1, 999_999);
  }
}
