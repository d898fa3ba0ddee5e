package dev.convoy.driver.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.search.HyperparameterSearch;
import dev.convoy.driver.search.SearchDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleRunTest {
  /** Of a member whose one step leaves finite parameters, too large to compute with. */
  private static final String TOO_LARGE = "{optimizer.learning-rate=1e30}";

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Without draws that leave images out, only test images tell. */
  @ParameterizedTest
  @ValueSource(strings = {"bootstrap", "pasting"})
  void aMemberWhoseAnswersAreNoNumbersIsLeftOutAndNamed(String draw) {
    JsonNode summary = ensemble(draw, "{}", TOO_LARGE, "{seed=7}");
    assertThat(summary.path("status").asText()).isEqualTo("completed");
    assertThat(summary.path("members").findValuesAsText("member")).containsExactly("0", "2");
    JsonNode leftOut = summary.path("left-out");
    assertThat(leftOut).hasSize(1);
    assertThat(leftOut.get(0).path("member").asInt()).isEqualTo(1);
    assertThat(leftOut.get(0).path("state").asText()).isEqualTo("diverged");
    assertThat(leftOut.get(0).path("reason").asText()).isEqualTo("its answers are no numbers");
    assertThat(summary.path("test").path("loss").asDouble(Double.NaN)).isFinite();
    double outOfBag = summary.path("out-of-bag").path("loss").asDouble(Double.NaN);
    assertThat(Double.isFinite(outOfBag)).isEqualTo(draw.equals("bootstrap"));
  }

  @Test
  void anEnsembleWithoutAnyAnswerHasNoMembers() {
    JsonNode summary = ensemble("bootstrap", TOO_LARGE, TOO_LARGE);
    assertThat(summary.path("status").asText()).isEqualTo("diverged");
    assertThat(summary.path("members")).isEmpty();
    assertThat(summary.path("left-out").findValuesAsText("member")).containsExactly("0", "1");
  }

  private JsonNode ensemble(String draw, String... variants) {
    List<String> overrides = new ArrayList<>(Experiments.SMALL);
    overrides.addAll(
        List.of(
            "output=\"" + temporary + "/ensemble\"",
            "data.validation=null",
            "training.resample.method=" + draw,
            "ensemble.temperature=" + (draw.equals("bootstrap") ? "on" : "off"),
            "training={early-stopping=off, workers=1, batch-size=1000, epochs=1}",
            "ensemble.members=" + variants.length,
            "ensemble.variants=[" + String.join(", ", variants) + "]"));
    return ensemble(overrides);
  }

  private static JsonNode ensemble(List<String> overrides) {
    EnsembleDefinition definition =
        EnsembleDefinition.of(
            new WrittenConfiguration(ConfigFactory.empty(), List.of()).with(overrides));
    try (EnsembleDirectory directory =
        EnsembleDirectory.open(
            new DirectoryClaim(
                definition.example().output(),
                definition.text(),
                false,
                EnsembleDefinition::identityOf),
            new Configuration(false),
            () -> {})) {
      return new EnsembleRun(cluster, definition, directory, Progress.none()).run();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "mlp"})
  void anEnsembleOfTrialsHasTheModelOfTheFirst(String model) {
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "spark.master=local[2]",
                "data.image={height=12, width=12, channels=1}",
                "data.synthetic={train-examples=40, test-examples=20, classes=3}",
                "training={workers=1, batch-size=8, epochs=1, threads-per-worker=1}",
                "model.name={choice=[linear, mlp]}",
                "search={trials=1, refit=off, where=[\"model.name == '" + model + "'\"]}"));
    search(overrides);
    overrides.add("output=\"" + temporary + "/ensemble\"");
    overrides.add("ensemble={from=search, search=\"" + temporary + "/search\"}");
    assertThat(ensemble(overrides).path("model").asText()).isEqualTo(model);
  }

  private void search(List<String> experiment) {
    List<String> overrides = new ArrayList<>(experiment);
    overrides.add("output=\"" + temporary + "/search\"");
    SearchDefinition definition =
        SearchDefinition.of(
            new WrittenConfiguration(ConfigFactory.empty(), List.of()).with(overrides));
    try (SearchDirectory directory =
        SearchDirectory.open(
            new DirectoryClaim(
                definition.example().output(),
                definition.text(),
                false,
                SearchDefinition::identityOf),
            new Configuration(false),
            () -> {})) {
      new HyperparameterSearch(cluster, definition, directory, Progress.none()).run();
    }
  }

  /** One that saw all images has none out of the bag. */
  @Test
  void theMeanMemberIsOfThoseThatSomethingWasMeasuredOf() {
    JsonNode summary = ensemble("bootstrap", "{}", "{training.resample.method=full}", "{seed=7}");
    assertThat(summary.path("members")).hasSize(3);
    assertThat(summary.path("out-of-bag").path("mean-member"))
        .hasSize(4)
        .allSatisfy(value -> assertThat(value.asDouble(Double.NaN)).isFinite());
  }
}
