package dev.convoy.driver.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.UnsuitableClusterException;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.termination.Assignment;
import dev.convoy.driver.training.Supervisor.Verdict;
import dev.convoy.driver.trial.DataPool;
import dev.convoy.driver.trial.TrainingObjective;
import dev.convoy.driver.trial.TrialHistory;
import dev.convoy.driver.trial.TrialState;
import dev.convoy.worker.cuda.device.Gpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HyperparameterSearchTest {
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

  @Test
  void aClusterThatDoesNotFitEndsTheSearchWhichGoesOnOnceItDoes() throws IOException {
    assumeThat(Gpus.ofThisMachine().mayExist()).isFalse();
    assertThatThrownBy(() -> search("accelerator.gpu=required"))
        .isInstanceOf(UnsuitableClusterException.class)
        .hasMessageContaining("accelerator.gpu = required: expected a GPU for every worker");
    assertThat(Files.readAllLines(temporary.resolve("search/trials.jsonl")))
        .isNotEmpty()
        .noneMatch(line -> line.contains("failed"));

    JsonNode trials = search("accelerator.gpu=off").path("search").path("trials");
    assertThat(trials.path("begun").asInt()).isEqualTo(2);
    assertThat(trials.path("completed").asInt()).isEqualTo(2);
  }

  /** A search that is out of time may be told so when its last trial has ended. */
  @ParameterizedTest
  @CsvSource({"search.refit=off, 1", "search.folds=2, 2"})
  void aTrialThatHasComeToItsEndIsNotInterrupted(String override, int runs) {
    assertThat(state(override, epochs -> true)).isEqualTo(TrialState.INTERRUPTED);
    AtomicInteger ended = new AtomicInteger();
    assertThat(state(override, epochs -> epochs == 1 && ended.incrementAndGet() == runs))
        .isEqualTo(TrialState.COMPLETED);
    assertThat(ended).hasValue(runs);
  }

  /** What a trial of one epoch comes to if it is to be suspended from some moment on. */
  private TrialState state(String override, IntPredicate suspended) {
    return in(
        override,
        (definition, directory) -> {
          SearchPlan plan = new SearchPlan(definition, directory);
          try (DataPool images = new DataPool(cluster, Progress.none(), 2)) {
            return new TrainingObjective(cluster, plan, directory, images)
                .train(
                    plan.trial(0, new TrialHistory(plan.metric())),
                    Assignment.TO_ITS_END,
                    0,
                    (epochs, curve) -> suspended.test(epochs) ? Verdict.SUSPEND : Verdict.GO_ON)
                .state();
          }
        });
  }

  private JsonNode search(String override) {
    return in(
        override,
        (definition, directory) ->
            new HyperparameterSearch(cluster, definition, directory, Progress.none()).run());
  }

  private <T> T in(String override, BiFunction<SearchDefinition, SearchDirectory, T> work) {
    List<String> overrides = new ArrayList<>(Experiments.SMALL);
    overrides.addAll(
        List.of(
            "output=\"" + temporary + "/search\"",
            "optimizer.learning-rate={uniform=[0.01, 0.02]}",
            "training={early-stopping.every=\"1 epoch\", workers=1, epochs=1}",
            "search={trials=2, refit=off}",
            override));
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
      return work.apply(definition, directory);
    }
  }
}
