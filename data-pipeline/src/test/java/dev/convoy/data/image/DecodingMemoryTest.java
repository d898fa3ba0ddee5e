package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DecodingMemoryTest {
  private static final long MEBIBYTE = 1 << 20;

  @Test
  void whatIsHeldIsNotFreeUntilItIsGivenBack() throws Exception {
    DecodingMemory memory = new DecodingMemory(10 * MEBIBYTE);

    DecodingMemory.Reservation most = memory.reserve(8 * MEBIBYTE);
    DecodingMemory.Reservation little = memory.reserve(MEBIBYTE);
    assertThat(little.tryExtend(3 * MEBIBYTE)).isFalse();
    most.close();
    assertThat(little.tryExtend(3 * MEBIBYTE)).isTrue();
    little.close();
    assertThat(memory.reserve(0).tryExtend(memory.bytes())).isTrue();
  }

  @Test
  void whoAsksForMoreThanIsLeftWaits() throws Exception {
    DecodingMemory memory = new DecodingMemory(10 * MEBIBYTE);
    DecodingMemory.Reservation first = memory.reserve(8 * MEBIBYTE);
    FutureTask<Boolean> second =
        new FutureTask<>(
            () -> {
              try (DecodingMemory.Reservation room = memory.reserve(5 * MEBIBYTE)) {
                return room.tryExtend(5 * MEBIBYTE);
              }
            });
    Thread waiting = new Thread(second);
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING && !second.isDone()) {
      Thread.onSpinWait();
    }

    assertThat(second).isNotDone();
    first.close();
    assertThat(second.get(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoAsksForMoreThanThereIsGetsAll() throws Exception {
    DecodingMemory memory = new DecodingMemory(10 * MEBIBYTE);

    try (DecodingMemory.Reservation all = memory.reserve(Long.MAX_VALUE)) {
      assertThat(all.tryExtend(20 * MEBIBYTE)).isTrue();
    }
    assertThat(memory.bytes()).isEqualTo(10 * MEBIBYTE);
  }
}
