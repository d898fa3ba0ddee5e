package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterResourcesTest {
  private static final double MEBIBYTE = 1 << 20;
  private static final double ROUNDING = 64 * MEBIBYTE;
  private static final int CLASSES = 10;

  private static RunConfiguration run(String... overrides) {
    List<String> all = new ArrayList<>(List.of("data.format=synthetic"));
    all.addAll(List.of(overrides));
    return ConfigurationReader.of(
        new WrittenConfiguration(ConfigFactory.parseMap(Map.of("name", "sized")), List.of())
            .with(all));
  }

  private static ClusterResources of(Map<String, String> settings, RunConfiguration... runs)
      throws UnsupportedNetworkException {
    return ClusterResources.of(List.of(runs), OptionalInt.of(1), settings, CLASSES);
  }

  private static RunConfiguration large(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "data.image={height=32, width=32, channels=3}",
                "model={name=mlp, hidden=[8192, 4096]}",
                "optimizer.name=adam"));
    all.addAll(List.of(overrides));
    return run(all.toArray(String[]::new));
  }

  @Test
  void anExecutorHasRoomForTheResultsOfItsWorkersAndTheirNetworks() throws Exception {
    ClusterResources four = of(Map.of("spark.executor.cores", "4"), large("training.workers=8"));
    assertThat(four.workersAtOnce()).isEqualTo(4);
    assertThat(four.executors()).isEqualTo(2);
    assertThat(four.route()).isTrue();
    // Adam keeps two moments.
    double result = 3.0 * four.memory().parameters();
    assertThat((double) four.executor().heap())
        .isBetween(512 * MEBIBYTE + 14 * result, 512 * MEBIBYTE + 14 * result + ROUNDING);
    double natives = 1.15 * 4 * four.memory().nativeBytes();
    assertThat((double) four.executor().outside())
        .isBetween(450 * MEBIBYTE + natives, 450 * MEBIBYTE + natives + ROUNDING);
  }

  @Test
  void aDriverHasRoomForParametersAloneWhereExecutorsAverage() throws Exception {
    assertParametersInDriver(4.5, large("training.workers=8"));
    assertParametersInDriver(6, large("averaging.moving-average.decay=0.9"));
    assertParametersInDriver(6, large("averaging.statistics=measured"));
  }

  private static void assertParametersInDriver(double times, RunConfiguration run)
      throws Exception {
    ClusterResources resources = of(Map.of(), run);
    assertThat(resources.route()).isTrue();
    double heap = 512 * MEBIBYTE + times * resources.memory().parameters();
    assertThat((double) resources.driver().heap()).isBetween(heap, heap + ROUNDING);
  }

  @Test
  void aDriverHasRoomForAllRunsAtOnce() throws Exception {
    double one = of(Map.of(), large()).driver().heap() - 512 * MEBIBYTE;
    double three =
        ClusterResources.of(List.of(large()), OptionalInt.of(3), Map.of(), CLASSES).driver().heap()
            - 512 * MEBIBYTE;
    assertThat(three).isBetween(3 * one - 3 * ROUNDING, 3 * one + ROUNDING);
  }

  @Test
  void aDriverThatAveragesHasRoomForEveryWorkersResult() throws Exception {
    ClusterResources there = of(Map.of(), large("training.workers=8", "averaging.route=driver"));
    double result = 3.0 * there.memory().parameters();
    assertThat(there.route()).isFalse();
    assertThat((double) there.driver().heap()).isGreaterThan(512 * MEBIBYTE + 12 * result);
  }

  @Test
  void workersOfSeveralThreadsTakeTheCoresOfOneExecutor() throws Exception {
    ClusterResources threads =
        of(Map.of("spark.executor.cores", "4", "spark.task.cpus", "4"), run("training.workers=3"));
    assertThat(threads.workersAtOnce()).isEqualTo(1);
    assertThat(threads.executors()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 1, 2", "2, 0.5, 4", "1, 0.25, 4", "1, 0.1, 4", "8, 1, 4"})
  void workersOfAnExecutorHaveAGpuOrAShareEach(String gpus, String ofTask, int atOnce)
      throws Exception {
    ClusterResources resources =
        of(
            Map.of(
                "spark.executor.cores",
                "4",
                "spark.executor.resource.gpu.amount",
                gpus,
                "spark.task.resource.gpu.amount",
                ofTask),
            run("training.workers=8"));
    assertThat(resources.workersAtOnce()).isEqualTo(atOnce);
    assertThat(resources.executors()).isEqualTo(8 / atOnce);
  }

  @Test
  void whereGpusAreRequiredNoMemoryIsAskedForWhatIsOnThem() throws Exception {
    Map<String, String> settings =
        Map.of("spark.executor.cores", "2", "spark.executor.resource.gpu.amount", "2");
    String[] network = {
      "data.image={height=224, width=224, channels=3}",
      "model.name=resnet-50",
      "training={batch-size=128, workers=2}"
    };
    ClusterResources perhaps = of(settings, run(network));
    ClusterResources required = of(settings, run(with(network, "accelerator.gpu=required")));
    assertThat(perhaps.lines().get(0)).contains("for a batch)");
    assertThat(required.lines().get(0)).endsWith("on the cards (accelerator.gpu = required)");
    assertThat(perhaps.executor().outside() / MEBIBYTE).isGreaterThan(15_000);
    double parameters = required.memory().parameters();
    assertThat((double) required.executor().outside())
        .isBetween(
            (450 + 2048 + 2 * 512) * MEBIBYTE + 4 * parameters,
            (450 + 2048 + 2 * 512) * MEBIBYTE + 4 * parameters + ROUNDING);
    assertThat(required.executor().heap()).isEqualTo(perhaps.executor().heap());
  }

  private static String[] with(String[] overrides, String more) {
    String[] all = Arrays.copyOf(overrides, overrides.length + 1);
    all[overrides.length] = more;
    return all;
  }

  @Test
  void gpusThatNoWorkerHasCoresForAreNoted() {
    assertThat(new TaskSlots(4, 2, 4, 1).note())
        .hasValue(
            "note: an executor has GPUs for 4 workers, and cores for 2: set spark.executor.cores to"
                + " 8 or more");
    assertThat(new TaskSlots(4, 2, 2, 1).note()).isEmpty();
    assertThat(new TaskSlots(1, 1, 0, 1).note()).isEmpty();
  }

  @Test
  void theLargestOfSeveralRunsCounts() throws Exception {
    RunConfiguration large = large();
    assertThat(of(Map.of(), run(), large, run()).executor())
        .isEqualTo(of(Map.of(), large).executor());
  }

  @Test
  void settingsAreThoseThatSubmittingReads() throws Exception {
    ClusterResources small = of(Map.of(), run("training.workers=2"));
    assertThat(small.settings())
        .containsEntry("spark.executor.instances", "2")
        .containsEntry("spark.executor.memory", "1024m")
        .containsEntry("spark.driver.memory", "1024m")
        .containsKeys("spark.executor.memoryOverhead", "spark.driver.memoryOverhead")
        .doesNotContainKey("spark.cores.max");
  }

  @Test
  void executorsThatComeWithTheWorkAreNotAskedForBeforehand() throws Exception {
    Map<String, String> growing = Map.of("spark.dynamicAllocation.enabled", "true");
    ClusterResources resources = of(growing, run("training.workers=2"));
    assertThat(resources.settings())
        .doesNotContainKey("spark.executor.instances")
        .containsKeys("spark.executor.memory", "spark.driver.memory");
    assertThat(resources.lines())
        .anySatisfy(line -> assertThat(line).startsWith("executors   2 as they are needed, for 1"));
  }

  @ParameterizedTest
  @CsvSource({
    // cores of an executor, of a worker of Convoy's, runs at once: cores
    "1, 1, 1, 3",
    "1, 1, 2, 6",
    "2, 1, 1, 4",
    "4, 2, 1, 8",
    "1, 2, 1, 6", // as where an executor has all cores of its machine
  })
  void aStandaloneClusterStartsAsManyExecutorsAsThereIsWorkFor(
      String cores, String cpus, int runsAtOnce, String expected) throws Exception {
    assertThat(
            standalone(
                Map.of("spark.executor.cores", cores, "spark.task.cpus", cpus),
                OptionalInt.of(runsAtOnce)))
        .containsEntry("spark.cores.max", expected);
  }

  @Test
  void aStandaloneClusterGivesAllOfItWhereThatIsAskedFor() throws Exception {
    assertThat(standalone(Map.of(), OptionalInt.empty())).doesNotContainKey("spark.cores.max");
    assertThat(standalone(Map.of("spark.dynamicAllocation.enabled", "true"), OptionalInt.of(1)))
        .doesNotContainKey("spark.cores.max");
  }

  private static Map<String, String> standalone(
      Map<String, String> settings, OptionalInt runsAtOnce) throws UnsupportedNetworkException {
    RunConfiguration run = run("training.workers=3", "spark.master=\"spark://host:7077\"");
    return ClusterResources.of(List.of(run), runsAtOnce, settings, CLASSES).settings();
  }
}
