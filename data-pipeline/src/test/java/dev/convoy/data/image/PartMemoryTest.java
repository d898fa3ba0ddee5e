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

    assertThat(PartMemory.atLeast(10)).isNotSameAs(others.get());
  }

  @Test
  void whatALargePhotographTookIsNotKept() {
    byte[] large = PartMemory.atLeast(5 << 20);

    assertThat(large).hasSize(5 << 20);
    assertThat(PartMemory.atLeast(1000).length).isLessThan(5 << 20);
  }
}
