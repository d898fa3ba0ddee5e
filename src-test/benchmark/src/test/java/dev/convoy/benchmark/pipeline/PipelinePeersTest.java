package dev.convoy.benchmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.compare.Answer;
import dev.convoy.benchmark.compare.Installation;
import dev.convoy.benchmark.compare.PeerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both peers as the benchmark starts them: they know their tasks, and answer as PeerLoop says. */
class PipelinePeersTest {
  private static final int PICTURES = 2;
  private static final double SECONDS = 0.01; // one step
  private static final Installation HERE = Installation.find();

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(
      value = PipelineTask.class,
      names = {"CROP_FLIP", "PREPARED_PHOTOGRAPHS"})
  void convoyAnswers(PipelineTask task) throws Exception {
    List<String> command =
        PipelineBenchmark.convoy(
            HERE, System.getProperty("java.class.path"), task, SECONDS, pictures(task));

    assertThat(ready(command).version()).startsWith("Java 17");
  }

  @ParameterizedTest
  @EnumSource(PipelineTask.class)
  void torchvisionAnswers(PipelineTask task) throws Exception {
    assumeThat(hasTorchvision()).isTrue();
    List<String> command = PipelineBenchmark.torchvision(HERE, task, SECONDS, pictures(task));

    assertThat(ready(command).version()).matches("torchvision .+, PyTorch .+, Pillow .+");
  }

  @Test
  void withoutPythonWhatToInstallIsSaid() {
    Installation bare = new Installation(HERE.home(), HERE.jars(), Optional.empty());

    assertThatExceptionOfType(BenchmarkException.class)
        .isThrownBy(() -> PipelineBenchmark.torchvision(bare, PipelineTask.CROP_FLIP, 1, directory))
        .withMessageContaining("apt-get install python3-torchvision");
  }

  /** Has a peer run twice. */
  private Answer.Ready ready(List<String> command) {
    Path log = directory.resolve("peer.log");
    try (PeerProcess peer = PeerProcess.start("peer", command, 1, log)) {
      Answer.Ready ready = peer.ready();
      assertThat(ready.parameters()).isEqualTo(PICTURES);
      assertThat(ready.peakBytes()).isPositive();
      for (int i = 0; i < 2; i++) {
        peer.run(SECONDS);
        assertThat(peer.ran().imagesPerSecond()).isPositive().isFinite();
      }
      return ready;
    }
  }

  private Path pictures(PipelineTask task) throws Exception {
    return PipelinePictures.draw(directory.resolve("pictures"), task.picture(), PICTURES);
  }

  private static boolean hasTorchvision() throws Exception {
    if (HERE.python().isEmpty()) {
      return false;
    }
    return new ProcessBuilder(HERE.python().get(), "-c", "import torchvision")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
