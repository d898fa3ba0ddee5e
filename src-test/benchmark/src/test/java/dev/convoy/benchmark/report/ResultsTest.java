package dev.convoy.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.benchmark.Mode;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.compare.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private static final Task TRAINING = new Task(Workload.RESNET_20, 64, Mode.TRAINING);
  private static final Task INFERENCE = new Task(Workload.RESNET_20, 64, Mode.INFERENCE);

  @Test
  void convoyIsComparedWithTheBetterWayToRunPyTorch() {
    Results results = new Results();
    add(results, TRAINING, Peer.CONVOY, 130);
    add(results, TRAINING, Peer.PYTORCH_1X2, 80);
    add(results, TRAINING, Peer.PYTORCH_2X1, 100);
    assertThat(results.targets())
        .containsExactly(
            new Target(
                "resnet-20, batch 64, training: Convoy / best PyTorch", 1.3, true, 130.0 / 100));
    assertThat(results.targets().get(0).isMet()).isTrue();
  }

  @Test
  void itIsToBeFasterInBothModesForEverySmallNetwork() {
    Results results = new Results();
    Task vgg = new Task(Workload.VGG_11, 128, Mode.TRAINING);
    for (Task task : List.of(INFERENCE, vgg)) {
      add(results, task, Peer.CONVOY, 129);
      add(results, task, Peer.PYTORCH_1X2, 90);
      add(results, task, Peer.PYTORCH_2X1, 100);
    }
    assertThat(results.targets())
        .allSatisfy(
            target -> {
              assertThat(target.bound()).isEqualTo(1.3);
              assertThat(target.isMet()).isFalse();
            });
    assertThat(results.targets()).hasSize(2);
  }

  @Test
  void stockParameterAveragingIsToBeBeatenTwentyTimes() {
    Results results = new Results();
    add(results, TRAINING, Peer.CONVOY, 190);
    add(results, TRAINING, Peer.DL4J_AVERAGING, 10);
    assertThat(results.targets())
        .containsExactly(
            new Target(
                "resnet-20, batch 64, training: Convoy / stock parameter averaging", 20, true, 19));
    assertThat(results.targets().get(0).isMet()).isFalse();
  }

  @Test
  void waitingIsToBeShort() {
    Results results = new Results();
    results.spark(new Results.Spark(one(96), one(100), one(0.03), 5120, 3));
    assertThat(results.targets()).extracting(Target::isMet).containsExactly(true, false);
  }

  @Test
  void oneWayToRunPyTorchAloneIsNotTheBest() {
    Results results = new Results();
    add(results, TRAINING, Peer.CONVOY, 130);
    add(results, TRAINING, Peer.PYTORCH_1X2, 80);
    assertThat(results.targets()).isEmpty();
  }

  @Test
  void networksOfTheFieldAreComparedInTheMedianAndByMemory() {
    Results results = new Results();
    for (Workload workload : List.of(Workload.RESNET_18, Workload.ALEXNET)) {
      Task task = new Task(workload, 8, Mode.TRAINING);
      results.add(task, Peer.CONVOY, 1, 300, one(workload == Workload.ALEXNET ? 15 : 11));
      results.add(task, Peer.PYTORCH_1X2, 1, 200, one(9));
      results.add(task, Peer.PYTORCH_1X2_LAST, 1, 400, one(10));
    }
    assertThat(results.targets())
        .containsExactly(
            new Target("resnet-18, batch 8, training: Convoy / best PyTorch", 1, true, 1.1),
            new Target(
                "resnet-18, batch 8, training: peak memory, Convoy / least PyTorch", 1, false, 1.5),
            new Target("alexnet, batch 8, training: Convoy / best PyTorch", 1, true, 1.5),
            new Target(
                "alexnet, batch 8, training: peak memory, Convoy / least PyTorch", 1, false, 1.5),
            new Target("training, median over networks: Convoy / best PyTorch", 1.2, true, 1.3));
  }

  @Test
  void withoutPyTorchNothingIsClaimedAboutIt() {
    Results results = new Results();
    add(results, TRAINING, Peer.CONVOY, 120);
    results.skip(Peer.PYTORCH_1X2, "no python");
    assertThat(results.targets()).isEmpty();
    assertThat(Table.of(results)).contains("skipped: pytorch-1x2: no python");
  }

  @Test
  void theTableStandsInColumns() {
    assertThat(
            Table.columns(
                List.of(
                    List.of("peer", "images/s"),
                    List.of("convoy", "1000.5"),
                    List.of("dl4j", "9.0"))))
        .isEqualTo("peer    images/s\nconvoy    1000.5\ndl4j         9.0\n");
  }

  @Test
  void theFileHoldsTheMachineEverySampleAndTheTargets() {
    Results results = new Results();
    results.version(Peer.CONVOY, "compiled");
    results.add(TRAINING, Peer.CONVOY, 272_474, 0, new Measurement(List.of(3.0, 1.0, 2.0)));
    add(results, TRAINING, Peer.PYTORCH_1X2, 4);
    add(results, TRAINING, Peer.PYTORCH_2X1, 3);
    Machine machine = new Machine("a processor", 2, "a system", "a java");
    JsonNode report = JsonReport.of(machine, 3, 2, results);
    assertThat(report.at("/machine/cores").asInt()).isEqualTo(2);
    assertThat(report.at("/peers/convoy").asText()).isEqualTo("compiled");
    assertThat(report.at("/results/0/parameters").asLong()).isEqualTo(272_474);
    assertThat(report.at("/results/0/images-per-second").toString())
        .isEqualTo("{\"median\":2.0,\"least\":1.0,\"most\":3.0,\"samples\":[3.0,1.0,2.0]}");
    assertThat(report.at("/targets/0/found").asDouble()).isEqualTo(0.5);
    assertThat(report.at("/targets/0/met").asBoolean(true)).isFalse();
  }

  @Test
  void thePictureIsAPng(@TempDir Path directory) throws Exception {
    Results results = new Results();
    add(results, TRAINING, Peer.CONVOY, 120);
    add(results, INFERENCE, Peer.CONVOY, 300);
    add(results, INFERENCE, Peer.DJL, 200);
    Path file = directory.resolve("benchmark.png");
    Picture.write(file, () -> Plot.of(results), System.err);
    assertThat(Files.readAllBytes(file)).startsWith(0x89, 'P', 'N', 'G');
  }

  private static void add(Results results, Task task, Peer peer, double imagesPerSecond) {
    results.add(task, peer, 272_474, 0, one(imagesPerSecond));
  }

  private static Measurement one(double value) {
    return new Measurement(List.of(value));
  }
}
