package dev.convoy.driver.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AheadTest {
  @Test
  void piecesAreUsedInOrderAndCountedForTheTask() {
    List<Integer> used = new ArrayList<>();
    long before = FetchedBytes.ofThisThread();
    Ahead.forEach(
        20,
        index -> {
          FetchedBytes.add(index);
          return 10 * index;
        },
        (index, piece) -> {
          assertThat(piece).isEqualTo(10 * index);
          used.add(index);
        });
    assertThat(used).isEqualTo(IntStream.range(0, 20).boxed().toList());
    assertThat(FetchedBytes.ofThisThread() - before).isEqualTo(190);
  }

  /** The first is not there before the second is asked for. */
  @Test
  void severalAreUnderWayAtOnce() {
    CountDownLatch second = new CountDownLatch(1);
    List<Boolean> waited = new ArrayList<>();
    Ahead.forEach(
        2,
        index -> {
          if (index == 1) {
            second.countDown();
          }
          try {
            return second.await(1, TimeUnit.MINUTES);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        (index, arrived) -> waited.add(arrived));
    assertThat(waited).containsExactly(true, true);
  }

  @Test
  void whatAPieceThrowsIsThrown() {
    assertThatThrownBy(
            () ->
                Ahead.forEach(
                    3,
                    index -> {
                      throw new LostSliceException("piece " + index);
                    },
                    (index, piece) -> {}))
        .isInstanceOf(LostSliceException.class)
        .hasMessage("piece 0");
  }
}
