package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryCheckTest {
  private static RunConfiguration run(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of("data.format=synthetic", "model.name=resnet-20", "training.batch-size=64"));
    all.addAll(List.of(overrides));
    return ConfigurationReader.of(
        new WrittenConfiguration(ConfigFactory.parseMap(Map.of("name", "check")), List.of())
            .with(all));
  }

  private static MemoryCheck check(RunConfiguration run, String master, String overhead) {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", master)
            .set("spark.executor.cores", "2")
            .set("spark.executor.memoryOverhead", overhead);
    return MemoryCheck.of(run, conf, 10).orElseThrow();
  }

  @Test
  void executorsHaveTheirOverhead() {
    RunConfiguration run = run("training.workers=4");
    MemoryCheck small = check(run, "yarn", "200m");
    assertThat(small.available()).isEqualTo(200L << 20);
    assertThat(small.fits()).isFalse();
    assertThat(small.text())
        .matches(
            "2 × \\d+ MB outside of the Java heap \\(each 1 MB of parameters,"
                + " \\d+ MB for batches of 64\\) and 471 MB of the process itself, and an executor has"
                + " 209 MB");
    assertThat(small.advice()).startsWith("Raise spark.conf.spark.executor.memoryOverhead, or");
    assertThat(check(run, "yarn", "450m").fits()).isFalse();
    assertThat(check(run, "yarn", "2g").fits()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "yarn, none, 0.9, 819",
    "yarn, spark.executor.memoryOverheadFactor, 0.5, 4096",
    "yarn, spark.kubernetes.memoryOverheadFactor, 0.5, 819",
    "k8s://https://host, spark.executor.memoryOverheadFactor, 0.5, 4096",
    "k8s://https://host, spark.kubernetes.memoryOverheadFactor, 0.25, 2048"
  })
  void theirOverheadIsAShareOfTheHeapWhereNoOtherIsSet(
      String master, String key, String factor, long megabytes) {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", master)
            .set("spark.executor.cores", "2")
            .set("spark.executor.memory", "8g");
    if (!key.equals("none")) {
      conf.set(key, factor);
    }
    assertThat(MemoryCheck.of(run("training.workers=4"), conf, 10).orElseThrow().available())
        .isEqualTo(megabytes << 20);
  }

  /** Their cards' memory is not that of the executor. */
  @Test
  void nothingIsToldOfExecutorsThatComputeOnGpus() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "yarn")
            .set("spark.executor.memoryOverhead", "200m")
            .set("spark.executor.resource.gpu.amount", "1");
    assertThat(MemoryCheck.of(run("training.workers=4"), conf, 10)).isEmpty();
    assertThat(MemoryCheck.of(run("training.workers=4", "accelerator.gpu=off"), conf, 10))
        .hasValueSatisfying(check -> assertThat(check.fits()).isFalse());
  }

  @Test
  void workersOfThisMachineShareItsMemory() {
    MemoryCheck one = check(run("training.workers=1"), "local[1]", "1m");
    MemoryCheck three = check(run("training.workers=3"), "local[3]", "1m");
    long process = 450L << 20;
    assertThat(three.needed() - process).isEqualTo(3 * (one.needed() - process)).isPositive();
    assertThat(one.text()).contains("and this machine has ");
  }

  @Test
  void whatResourcesAsksForIsEnough() throws UnsupportedNetworkException {
    RunConfiguration run = run("training.workers=2");
    ClusterResources plan =
        ClusterResources.of(
            List.of(run),
            OptionalInt.empty(),
            Map.of("spark.master", "yarn", "spark.executor.cores", "2"),
            10);
    String overhead = plan.settings().get("spark.executor.memoryOverhead");
    MemoryCheck check = check(run, "yarn", overhead);
    assertThat(check.fits()).isTrue();
    assertThat(check.available() - check.needed()).isLessThan(64L << 20); // what is rounded up
  }

  @Test
  void whoTrainsWhatFitsIsNotWarned() {
    assertThat(MemoryCheck.warning(run("training.workers=1"), 10)).isEmpty();
  }

  @Test
  void whoTrainsWhatDoesNotFitIsTold() {
    assertThat(
            MemoryCheck.warning(
                run(
                    "spark.master=yarn",
                    "training.workers=1",
                    "training.batch-size=512",
                    "spark.conf.spark.executor.memoryOverhead=384m"),
                10))
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .startsWith("Training may not fit into memory: 1 × ")
                    .contains("for batches of 512)"));
  }

  @Test
  void whereNobodyBoundsMemoryNothingIsSaid() {
    SparkConf standalone = new SparkConf(false).set("spark.master", "spark://host:7077");
    assertThat(MemoryCheck.of(run(), standalone, 10)).isEqualTo(Optional.empty());
  }
}
