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
        folder.resolve(name + ".json"), "{\"entries\": [" + String.join(",", entries) + "]}");
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
        "convoy-speed-resnet-20-128",
        "{\"precision\": \"BFLOAT16\", \"batch\": 128, \"training\": 1300}",
        "{\"precision\": \"TF32\", \"batch\": 128, \"training\": 9000}");
    write(
        "pytorch-resnet-20-128",
        "{\"mode\": \"eager-tf32\", \"batch\": 128, \"training\": 700}",
        "{\"mode\": \"graph-float32\", \"batch\": 128, \"training\": 1000}",
        "{\"mode\": \"compile-channels-last-bfloat16\", \"failed\": \"why\"}");
    assertThat(Summary.of(folder).lines())
        .contains(
            "resnet-20-128: Convoy 1,300 images/s in BFLOAT16, PyTorch 1,000 (graph-float32): 1.30,"
                + " asked 1.2: reached.");
  }

  @Test
  void anotherVerdictAndOtherBitsAreTold() throws IOException {
    write(
        "convoy-gradients",
        "{\"network\": \"a\", \"precision\": \"TF32\", \"verdict\": \"right\"}",
        "{\"network\": \"b\", \"precision\": \"TF32\", \"verdict\": \"another direction\"}",
        "{\"failed\": \"c FLOAT32\", \"trace\": \"\"}");
    write(
        "convoy-cifar",
        "{\"precision\": \"BFLOAT16\", \"accuracy\": 0.85, \"seconds\": 20, \"parameters\": \"1\"}",
        "{\"precision\": \"BFLOAT16\", \"accuracy\": 0.83, \"seconds\": 70, \"parameters\": \"2\"}");
    assertThat(Summary.of(folder).lines())
        .contains(
            "Gradients: 1 of 3 right; b TF32: another direction; c FLOAT32 failed.",
            "CIFAR-10: least accuracy 0.8300, asked 0.84: missed; longest 70.0 s, asked 60: missed;"
                + " parameters of runs alike: DIFFERENT.");
  }
}
