package dev.convoy.driver.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlotsTest {
  @Test
  void trialsOfSeveralWorkersTakeTheRoomOfSeveral() {
    Slots slots = new Slots(4, () -> 4);
    assertThat(slots.take(3)).isZero();
    assertThat(slots.hasPlace()).isTrue();
    assertThat(slots.hasRoomFor(2)).isFalse();
    assertThat(slots.take(1)).isEqualTo(1);
    assertThat(slots.hasPlace()).isFalse();
    assertThatThrownBy(() -> slots.take(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPlaceThatWasGivenBackIsTakenAgain() {
    Slots slots = new Slots(2, () -> 2);
    slots.take(1);
    slots.take(1);
    slots.giveBack(0, 1);
    assertThat(slots.take(1)).isZero();
  }

  @Test
  void aSearchThatBeganNarrowWidensWhenExecutorsCome() {
    AtomicInteger workers = new AtomicInteger(2);
    Slots slots = new Slots(Integer.MAX_VALUE, workers::get);
    slots.take(2);
    assertThat(slots.hasPlace()).isFalse();
    workers.set(6);
    assertThat(slots.hasRoomFor(2)).isTrue();
    slots.take(2);
    slots.take(2);
    assertThat(slots.hasPlace()).isFalse();
  }

  @Test
  void whenExecutorsGoFewerTrialsBeginAndOneAlwaysDoes() {
    AtomicInteger workers = new AtomicInteger(4);
    Slots slots = new Slots(4, workers::get);
    int first = slots.take(2);
    int second = slots.take(2);
    workers.set(1);
    slots.giveBack(first, 2);
    assertThat(slots.hasPlace()).isFalse();
    slots.giveBack(second, 2);
    assertThat(slots.hasRoomFor(2)).isTrue();
    slots.take(2);
    assertThat(slots.hasPlace()).isFalse();
  }

  @Test
  void noMoreTrialsThanPlacesHoweverFewWorkersTheyNeed() {
    Slots slots = new Slots(1, () -> 8);
    slots.take(1);
    assertThat(slots.hasPlace()).isFalse();
  }
}
