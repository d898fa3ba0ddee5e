package dev.convoy.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  @Test
  void grantsUntilItIsUsedUp() {
    MemoryBudget budget = new MemoryBudget(10);

    assertThat(budget.tryReserve(6)).isTrue();
    assertThat(budget.tryReserve(5)).isFalse();
    assertThat(budget.tryReserve(4)).isTrue();
    budget.release(6);
    assertThat(budget.availableBytes()).isEqualTo(6);
  }

  @Test
  void neverGrantsTooMuchToManyThreads() throws Exception {
    MemoryBudget budget = new MemoryBudget(1000);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<Integer>> granted = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      granted.add(
          threads.submit(
              () -> {
                int count = 0;
                for (int i = 0; i < 1000; i++) {
                  count += budget.tryReserve(1) ? 1 : 0;
                }
                return count;
              }));
    }
    int total = 0;
    for (Future<Integer> count : granted) {
      total += count.get();
    }
    threads.shutdown();

    assertThat(total).isEqualTo(1000);
    assertThat(budget.availableBytes()).isZero();
  }

  @Test
  void negativeSizesAreRefused() {
    assertThatThrownBy(() -> new MemoryBudget(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 0 bytes or more, found -1");
    assertThatThrownBy(() -> new MemoryBudget(1).release(-2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found -2");
  }
}
