package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.worker.model.Models;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelsCommandTest {

  @Test
  void everyModelIsListedWithItsPaper() {
    List<String> lines = models().out().lines().toList();
    assertThat(lines).hasSameSizeAs(Models.FAMILY.names());
    assertThat(lines)
        .anyMatch(line -> line.matches("resnet-20 +residual network .*; He, Zhang, Ren and Sun.*"));
  }

  @Test
  void aModelIsDescribedLayerByLayer() {
    CommandRun result = models("lenet-5", "--layers", "--image=28", "--channels=1");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out().lines())
        .contains(
            "  model.filters = [6, 16]: channels of the two 5 × 5 convolutions",
            "images of 28 × 28 × 1, 10 classes",
            "weights        61,706 (246.8 kB in float32)",
            "multiply-adds  416,520 an image, forward")
        .anyMatch(line -> line.matches("conv2 +10 × 10 × 16 +2,416 +240,000 +6,400 +14 × 14"));
  }

  @Test
  void theMemoryOfTrainingIsTold() {
    CommandRun result = models("resnet-20", "--batch-size=64");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .containsPattern(
            "memory +\\d+\\.\\d MB outside of the Java heap to train with batches of 64: 1\\.1 MB of"
                + " parameters, \\d+\\.\\d MB of results, gradients and what is computed with, and 1\\.1"
                + " MB more where");
    assertThat(models("resnet-20", "--batch-size=0").err())
        .contains("--batch-size 0: expected 1 to 65536");
  }

  @Test
  void theTableOfAPhotographNetworkAddsUpToTheTextbook() {
    String table = models("vgg-16", "--layers").out();
    assertThat(table.lines())
        .contains("images of 224 × 224 × 3, 1000 classes")
        .contains("weights        138,357,544 (553.4 MB in float32)")
        .anyMatch(line -> line.matches("stage1-layer1-relu +224 × 224 × 64 .* 12,845,056 .*"))
        .anyMatch(line -> line.matches("dense1 +4096 +102,764,544 +102,760,448 .*"));
  }

  @Test
  void optionsAreThoseOfConfigurations() {
    assertThat(models("lenet-5", "model.filters=[12, 16]").out())
        .contains("model.filters = [12, 16]");
    CommandRun wrong = models("lenet-5", "model.filters=[0]");
    assertThat(wrong.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(wrong.err()).contains("model.filters = [0]: expected a list of exactly 2");
    assertThat(models("lenet").err()).contains("model.name = lenet: expected one of ");
    assertThat(models("lenet-5", "--classes=1").err()).contains("--classes 1: expected 2 to");
  }

  @Test
  void frozenLayersAreMarked() {
    CommandRun result =
        models(
            "resnet-20",
            "transfer.model=any",
            "transfer.freeze-up-to=stage1-block1-sum",
            "--layers");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out().lines())
        .anyMatch(line -> line.matches("stem-conv .* frozen"))
        .anyMatch(line -> line.matches("stage1-block2-first-conv .* × \\d+"))
        .contains("frozen         5,136 of the weights, which stay as transfer.model gives them");
    assertThat(models("resnet-20", "--layers").out()).doesNotContain("frozen");
    assertThat(models("resnet-20", "transfer.model=any", "transfer.freeze=[conv9]").err())
        .contains("expected names of layers of resnet-20, found conv9, which fits none");
  }

  @Test
  void layersCanBeWrittenOnTheCommandLine() {
    CommandRun result =
        models("layers", "model.layers=[{name=conv, filters=4}, relu]", "--layers", "--image=8");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out().lines())
        .anyMatch(line -> line.matches("1-conv +8 × 8 × 4 +112 +6,912 +1,024 +3 × 3"));
    CommandRun none = models("layers");
    assertThat(none.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(none.err())
        .contains("model.layers: expected at least one layer, found none (command line)");
  }

  @Test
  void theModelOfAnExperimentIsDescribed() {
    CommandRun result = models("../conf/quickstart-layers.conf", "--layers");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out().lines())
        .contains("images of 32 × 32 × 3, 10 classes")
        .anyMatch(line -> line.matches("1-conv +32 × 32 × 16 +1,200 +1,228,800 +65,536 +5 × 5"))
        .anyMatch(line -> line.matches("5-concat +3072 +0 +0 +12,288 +32 × 32"));
    assertThat(models("../conf/quickstart-layers.conf", "--image=2").err())
        .contains("model.layers[3]: layer 4, max-pool: 2 × 2 window on 1 × 1 image");
    assertThat(models("../conf/cifar10-resnet20.conf", "model.name=resnet-32").out())
        .contains("resnet-32: ")
        .contains("images of 32 × 32 × 3, 10 classes");
    assertThat(models("../conf/nowhere.conf").exitCode()).isEqualTo(ExitCode.CONFIGURATION);
  }

  private static CommandRun models(String... arguments) {
    List<String> all = new ArrayList<>(List.of("models"));
    all.addAll(List.of(arguments));
    return CommandRun.of(all);
  }
}
