package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PartMemoryTest {
  @Test
  void aThreadGetsTheSameMemoryAgainWhileItIsLargeEnough() {
    byte[] first = PartMemory.atLeast(1000);

    assertThat(first.length).isGreaterThanOrEqualTo(1000);
    assertThat(PartMemory.atLeast(999)).isSameAs(first);
    assertThat(PartMemory.atLeast(first.length + 1)).isNotSameAs(first);
  }

  @Test
  void noTwoThreadsShareMemory() throws Exception {
    AtomicReference<byte[]> others = new AtomicReference<>();
    Thread other = new Thread(() -> others.set(PartMemory.atLeast(10)));
    other.start();
    other.join();

    assertThat(others.get()).isNotNull().isNotSameAs(PartMemory.atLeast(10));
  }

  @Test
  void whatALargePhotographTookIsNotKept() {
    int most = PartMemory.maxKeptBytes();

    assertThat(PartMemory.atLeast(most + 1)).hasSize(most + 1);
    assertThat(PartMemory.atLeast(1000).length).isLessThanOrEqualTo(most);
    assertThat(most).isBetween(1, 4 << 20);
  }
}
