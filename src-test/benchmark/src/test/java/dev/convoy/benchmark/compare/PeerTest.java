package dev.convoy.benchmark.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.convoy.benchmark.Mode;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.peer.PeerArguments;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerTest {
  private static final Task TASK = new Task(Workload.RESNET_20, 64, Mode.TRAINING);
  private static final Installation COMPLETE =
      new Installation(Path.of("home"), Path.of("jars"), Optional.of("python"));
  private static final Installation WITHOUT_PYTHON =
      new Installation(Path.of("home"), Path.of("jars"), Optional.empty());

  @ParameterizedTest
  @EnumSource
  void peersAreNamed(Peer peer) {
    assertThat(Peer.named(peer.toString())).isEqualTo(peer);
  }

  @Test
  void anUnknownPeerIsAnsweredWithTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Peer.named("tensorflow"))
        .withMessage(
            "expected one of convoy, convoy-bfloat16, dl4j, dl4j-averaging, pytorch-1x2, pytorch-2x1,"
                + " pytorch-1x2-last, pytorch-2x1-last, pytorch-1x2-bfloat16, pytorch-2x1-bfloat16,"
                + " djl, found tensorflow");
  }

  @ParameterizedTest
  @EnumSource
  void noProcessHasBothKindsOfNatives(Peer peer) {
    String command = String.join(" ", peer.command(COMPLETE, new PeerArguments(TASK, 4)));
    String djl = Path.of("jars", "djl", "*").toString();
    String lib = Path.of("jars", "lib", "*").toString();
    assertThat(command.contains(djl) && command.contains(lib)).isFalse();
    assertThat(command).contains(" resnet-20 64 training 4.0");
  }

  @Test
  void withoutPythonPyTorchAloneIsMissing() {
    for (Peer peer : Peer.values()) {
      if (!peer.isBfloat16()) {
        assertThat(peer.missing(COMPLETE)).isEmpty();
        assertThat(peer.missing(WITHOUT_PYTHON).isPresent()).isEqualTo(peer.isPyTorch());
      }
    }
    assertThat(Peer.PYTORCH_1X2.missing(WITHOUT_PYTHON).orElseThrow())
        .startsWith("no python with torch found (Debian: apt-get install python3-torch");
  }

  @Test
  void inBfloat16PeersAreMissingWhereTheProcessorDoesNotMultiplyIt() {
    boolean multiplies = CompiledNetwork.available(Precision.BFLOAT16) == Precision.BFLOAT16;

    assertThat(Peer.CONVOY_BFLOAT16.missing(COMPLETE).isEmpty()).isEqualTo(multiplies);
    assertThat(Peer.PYTORCH_1X2_BFLOAT16.missing(COMPLETE).isEmpty()).isEqualTo(multiplies);
    assertThat(Peer.PYTORCH_1X2_BFLOAT16.missing(WITHOUT_PYTHON)).isPresent();
  }

  @Test
  void stockAveragingTakesPartInTrainingWithSmallBatchesAlone() {
    assertThat(Peer.DL4J_AVERAGING.takesPartIn(TASK)).isTrue();
    assertThat(Peer.DL4J_AVERAGING.takesPartIn(new Task(Workload.RESNET_20, 128, Mode.TRAINING)))
        .isFalse();
    assertThat(Peer.DL4J_AVERAGING.takesPartIn(new Task(Workload.RESNET_20, 64, Mode.INFERENCE)))
        .isFalse();
  }

  @Test
  void networksOfTheFieldAreRunByConvoyAndPyTorchAlone() {
    Task network = new Task(Workload.GOOGLENET, 16, Mode.TRAINING);
    for (Peer peer : Peer.values()) {
      boolean isOfConvoy = peer == Peer.CONVOY || peer == Peer.CONVOY_BFLOAT16;
      boolean isOfPyTorch = peer.isPyTorch() || peer.isPyTorchInBfloat16();
      assertThat(peer.takesPartIn(network)).isEqualTo(isOfConvoy || isOfPyTorch);
    }
    assertThat(Peer.PYTORCH_1X2_LAST.takesPartIn(TASK)).isTrue();
    assertThat(Workload.ofTheField()).hasSize(9).doesNotContainAnyElementsOf(Workload.small());
  }

  @Test
  void everyRepetitionBeginsWithAnotherPeer() {
    assertThat(Comparison.inTurn(List.of("a", "b", "c"), 0)).containsExactly("a", "b", "c");
    assertThat(Comparison.inTurn(List.of("a", "b", "c"), 1)).containsExactly("b", "c", "a");
    assertThat(Comparison.inTurn(List.of("a", "b", "c"), 5)).containsExactly("c", "a", "b");
    assertThat(Comparison.inTurn(List.of(), 1)).isEmpty();
  }
}
