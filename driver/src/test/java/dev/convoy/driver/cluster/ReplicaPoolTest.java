package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicaPoolTest {
  private final Set<Long> released = new HashSet<>();
  private final List<String> closed = new ArrayList<>();
  private final ReplicaPool<String> pool = new ReplicaPool<>(released::contains, closed::add);

  @Test
  void aNetworkWaitsForTheNextTaskOfItsOwnerAlone() throws Exception {
    assertThat(use(1, "first")).isEqualTo("first");
    assertThat(use(2, "second")).isEqualTo("second");
    assertThat(use(1, "third")).isEqualTo("first");
    assertThat(closed).isEmpty();
  }

  @Test
  void whatWaitsForAReleasedOwnerIsClosed() throws Exception {
    use(1, "first");
    use(2, "second");
    released.add(1L);
    pool.closeReleased();
    assertThat(closed).containsExactly("first");
    assertThat(use(2, "third")).isEqualTo("second");
  }

  @Test
  void aTaskThatOutlivesItsOwnerReturnsNothingToThePool() throws Exception {
    pool.with(
        new ReplicaPool.Key(1, ""),
        () -> "first",
        network -> {
          released.add(1L);
          pool.closeReleased();
          assertThat(closed).as("while it is in use").isEmpty();
          return network;
        });
    assertThat(closed).containsExactly("first");
    assertThat(use(1, "second")).isEqualTo("second");
    assertThat(closed).containsExactly("first", "second");
  }

  @Test
  void aNetworkWhoseTaskFailedIsClosed() {
    assertThatThrownBy(
            () ->
                pool.with(
                    new ReplicaPool.Key(1, ""),
                    () -> "first",
                    network -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(closed).containsExactly("first");
  }

  @Test
  void aNetworkStaysOnItsDevice() throws Exception {
    assertThat(use(1, "0000:01:00.0", "first")).isEqualTo("first");
    assertThat(use(1, "0000:02:00.0", "second")).isEqualTo("second");
    assertThat(use(1, "0000:01:00.0", "third")).isEqualTo("first");
    assertThat(use(1, "", "fourth")).isEqualTo("fourth");
    released.add(1L);
    pool.closeReleased();
    assertThat(closed).containsExactlyInAnyOrder("first", "second", "fourth");
  }

  private String use(long owner, String created) throws Exception {
    return use(owner, "", created);
  }

  private String use(long owner, String device, String created) throws Exception {
    return pool.with(new ReplicaPool.Key(owner, device), () -> created, network -> network);
  }
}
