package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LiveOwnersTest {
  @Test
  void anOwnerIsReleasedIfItWasThereAndIsNoMore() {
    LiveOwners owners = LiveOwners.of(7, 5, List.of(3L, 1L));
    assertThat(owners.haveReleased(0)).isTrue();
    assertThat(owners.haveReleased(1)).isFalse();
    assertThat(owners.haveReleased(2)).isTrue();
    assertThat(owners.haveReleased(4)).isTrue();
  }

  @Test
  void nothingIsSaidOfOwnersThatCameLater() {
    assertThat(LiveOwners.of(7, 5, List.of()).haveReleased(5)).isFalse();
    assertThat(LiveOwners.UNKNOWN.haveReleased(0)).isFalse();
  }

  @Test
  void textIsReadBack() {
    LiveOwners owners = LiveOwners.parse(LiveOwners.of(7, 5, List.of(3L, 1L)).text());
    assertThat(owners.haveReleased(1)).isFalse();
    assertThat(owners.haveReleased(2)).isTrue();
    assertThat(owners.haveReleased(5)).isFalse();
    assertThat(owners.isLaterThan(LiveOwners.of(6, 5, List.of()))).isTrue();
    assertThat(owners.isLaterThan(LiveOwners.of(7, 5, List.of()))).isFalse();
    assertThat(LiveOwners.parse(LiveOwners.of(1, 0, List.of()).text()).haveReleased(0)).isFalse();
    assertThat(LiveOwners.parse(null)).isSameAs(LiveOwners.UNKNOWN);
  }

  @Test
  void theDriverNumbersOwnersAndForgetsThoseThatGo() {
    long first = Owners.add();
    long second = Owners.add();
    LiveOwners before = Owners.live();
    Owners.remove(first);
    LiveOwners after = Owners.live();
    Owners.remove(second);
    assertThat(second).isGreaterThan(first);
    assertThat(before.haveReleased(first)).isFalse();
    assertThat(after.haveReleased(first)).isTrue();
    assertThat(after.haveReleased(second)).isFalse();
    assertThat(after.isLaterThan(before)).isTrue();
  }
}
