package dev.convoy.benchmark.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.convoy.benchmark.BenchmarkException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerProcessTest {
  @TempDir private Path directory;

  @Test
  void aPeerRunsWhenItIsToldTo() {
    try (PeerProcess peer =
        start("echo loading; echo ready 5 0 x; read run seconds; echo ran 10 $seconds")) {
      assertThat(peer.ready()).isEqualTo(new Answer.Ready(5, 0, "x"));
      peer.run(2.5);
      assertThat(peer.ran()).isEqualTo(new Answer.Ran(4));
    }
  }

  @Test
  void itHasTheThreadsThatItIsGiven() {
    try (PeerProcess peer = start("echo ready $OMP_NUM_THREADS 0 x; read run")) {
      assertThat(peer.ready().parameters()).isEqualTo(2);
    }
  }

  @Test
  void whyAPeerEndedIsSaid() {
    try (PeerProcess peer =
        start("echo 'java.lang.Error: no space' >&2; printf '\\tat here\\n' >&2; exit 1")) {
      assertThatExceptionOfType(BenchmarkException.class)
          .isThrownBy(peer::ready)
          .withMessageStartingWith("peer has ended: java.lang.Error: no space (all")
          .withMessageContaining("peer.log");
    }
  }

  @Test
  void aPeerThatAnswersWhatItWasNotAskedIsNamed() {
    try (PeerProcess peer = start("echo ran 10 2.5; read run")) {
      assertThatExceptionOfType(BenchmarkException.class)
          .isThrownBy(peer::ready)
          .withMessageStartingWith(
              "Cannot go on with peer: expected that it is ready, but it says Ran")
          .withMessageContaining("peer.log");
    }
  }

  private PeerProcess start(String script) {
    return PeerProcess.start(
        "peer", List.of("sh", "-c", script), 2, directory.resolve("logs/peer.log"));
  }
}
