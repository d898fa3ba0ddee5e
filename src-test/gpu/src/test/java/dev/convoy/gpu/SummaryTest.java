package dev.convoy.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
  @TempDir private Path folder;

  private void write(String name, String... entries) throws IOException {
    Files.writeString(
        folder.resolve(name + ".json"),
        ("{'entries': [" + String.join(",", entries) + "]}").replace('\'', '"'));
  }

  @Test
  void whereNothingWasMeasuredNothingIsClaimed() throws IOException {
    assertThat(Summary.of(folder).lines())
        .contains("Gradients: not compared.", "resnet-20-128: not compared.")
        .last()
        .isEqualTo("CIFAR-10: not trained.");
  }

  @Test
  void theFastestOfPyTorchCounts() throws IOException {
    write(
        "convoy-speed-resnet-20-128-1",
        "{'precision': 'BFLOAT16', 'batch': 128, 'learnedParameters': 7, 'verdict': 'right',"
            + " 'training': 1300, 'trainingSamples': [1200, 1300, 1400]}",
        "{'precision': 'TF32', 'batch': 128, 'training': 9000}");
    write(
        "convoy-speed-resnet-20-128-2",
        "{'precision': 'BFLOAT16', 'batch': 128, 'learnedParameters': 7, 'verdict': 'right',"
            + " 'training': 1300, 'trainingSamples': [1250, 1310]}");
    write(
        "pytorch-resnet-20-128",
        "{'mode': 'eager-tf32', 'batch': 128, 'training': 700}",
        "{'mode': 'graph-float32', 'batch': 128, 'parameters': 7, 'training': 1000,"
            + " 'trainingSamples': [1000, 900, 1010]}",
        "{'mode': 'compile-channels-last-bfloat16', 'failed': 'why'}");
    assertThat(Summary.of(folder).lines())
        .contains(
            "resnet-20-128: Convoy 1,300 (1,200 to 1,400) images/s in BFLOAT16, of 2 runs; PyTorch"
                + " 1,000 (900 to 1,010) (graph-float32): 1.30, asked 1.2: reached.");
  }

  @Test
  void whatMakesFiguresIncomparableIsTold() throws IOException {
    write(
        "convoy-speed-resnet-50-128-1",
        "{'precision': 'BFLOAT16', 'batch': 64, 'learnedParameters': 7, 'training': 90,"
            + " 'verdict': 'loss is no number'}");
    write(
        "pytorch-resnet-50-128",
        "{'mode': 'eager-channels-last-bfloat16', 'batch': 128, 'parameters': 8, 'training': 100}");
    assertThat(Summary.of(folder).lines())
        .contains(
            "resnet-50-128: Convoy 90 (90 to 90) images/s in BFLOAT16, of 1 runs; PyTorch 100 (100"
                + " to 100) (eager-channels-last-bfloat16): 0.90, asked 1.0: missed; other batches"
                + " (64); NOT RIGHT: loss is no number; parameters 7 and 8.");
  }

  @Test
  void anotherVerdictAndOtherBitsAreTold() throws IOException {
    write(
        "convoy-gradients-a",
        "{'network': 'a', 'precision': 'TF32', 'verdict': 'right; direction not checked',"
            + " 'repeated': {'parameters': '1'}}");
    write(
        "convoy-gradients-b",
        "{'network': 'b', 'precision': 'TF32', 'verdict': 'another direction'}",
        "{'failed': 'c FLOAT32', 'trace': ''}");
    write(
        "convoy-smoke-a", "{'network': 'a', 'precision': 'TF32', 'repeated': {'parameters': '2'}}");
    write(
        "convoy-cifar",
        "{'precision': 'BFLOAT16', 'accuracy': 0.85, 'seconds': 20, 'parameters': '1'}",
        "{'precision': 'BFLOAT16', 'accuracy': 0.83, 'seconds': 70, 'parameters': '2'}");
    assertThat(Summary.of(folder).lines())
        .contains(
            "Gradients: 1 of 3 right; b TF32: another direction; c FLOAT32 failed.",
            "Parameters of two processes: DIFFERENT (a TF32).",
            "CIFAR-10: least accuracy 0.8300, asked 0.84: missed; longest 70.0 s, asked 60: missed;"
                + " parameters of runs alike: DIFFERENT.");
  }

  @Test
  void parametersOfTwoProcessesAreCompared() throws IOException {
    String entry = "{'network': 'a', 'precision': 'TF32', 'repeated': {'parameters': '1'}}";
    write("convoy-smoke-a", entry);
    assertThat(Summary.of(folder).lines()).contains("Parameters of two processes: not compared.");
    write("convoy-gradients-a", entry);
    assertThat(Summary.of(folder).lines())
        .contains("Parameters of two processes: the same bits (a TF32).");
  }

  @Test
  void partsThatDidNotEndAreTold() throws IOException {
    write("convoy-gradients-a");
    Files.writeString(folder.resolve("convoy-found.json"), "{\"complete\": true}");
    assertThat(Summary.of(folder).lines())
        .contains("convoy-gradients-a: ended before it was complete.")
        .doesNotContain("convoy-found: ended before it was complete.");
  }
}
