package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LockWaitTest {
  private static final Duration PAUSE = Duration.ofMillis(1);

  @Test
  void aDirectoryThatBecomesFreeIsTaken() {
    AtomicInteger attempts = new AtomicInteger();
    String taken =
        new LockWait(Duration.ofMinutes(1), PAUSE)
            .acquire(
                () -> {
                  if (attempts.incrementAndGet() < 3) {
                    throw new DirectoryInUseException("in use");
                  }
                  return "taken";
                });
    assertThat(taken).isEqualTo("taken");
    assertThat(attempts).hasValue(3);
  }

  @Test
  void oneThatStaysInUseIsRefusedWhenTheTimeIsOver() {
    AtomicInteger attempts = new AtomicInteger();

    assertThatThrownBy(
            () ->
                new LockWait(Duration.ofMillis(5), PAUSE)
                    .acquire(
                        () -> {
                          throw new DirectoryInUseException(
                              "attempt " + attempts.incrementAndGet());
                        }))
        .isInstanceOf(DirectoryInUseException.class)
        .satisfies(last -> assertThat(last).hasMessage("attempt " + attempts));
  }

  @Test
  void nobodyWaitsWhereNothingSaysSo() {
    assertThat(LockWait.ofThisProcess().limit()).isZero();
  }
}
