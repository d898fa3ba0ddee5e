package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelArchive.Parameters;
import dev.convoy.worker.optimizer.Segment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose first batch decides their first parameters. */
class DataInitializationRunTest {
  private static final String LSUV = "training.data-initialization=lsuv";

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

  private RunConfiguration small(String name, String... overrides) {
    List<String> all = new ArrayList<>(List.of("training.epochs=2", "training.workers=2"));
    all.addAll(List.of(overrides));
    return Experiments.small(temporary.resolve(name), all.toArray(String[]::new));
  }

  private static String train(RunConfiguration configuration) {
    return train(configuration, Progress.none());
  }

  private static String train(RunConfiguration configuration, Progress progress) {
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      return TrainingRun.run(cluster, configuration, directory, progress)
          .summary()
          .path("parameter-sha256")
          .asText();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lsuv", "weight-normalization"})
  void aRunThatIsSuspendedAtEveryRoundEndsWithTheSameParameters(String way) {
    String on = "training.data-initialization=" + way;
    String whole = train(small("whole", on));
    RunConfiguration configuration = small("suspended", on);
    TrainingOutcome outcome;
    int attempts = 0;
    do {
      long begun = attempts++;
      try (RunDirectory directory =
              RunDirectory.open(configuration, new Configuration(false), () -> {});
          TrainingData data = new TrainingData(cluster, configuration, Progress.none())) {
        outcome =
            TrainingRun.run(
                cluster,
                configuration,
                directory,
                Progress.none(),
                data,
                moment ->
                    moment.rounds() > begun ? Supervisor.Verdict.SUSPEND : Supervisor.Verdict.GO_ON,
                Optional.empty());
      }
    } while (outcome.status() == Status.RUNNING);
    assertThat(attempts).isGreaterThan(2);
    assertThat(outcome.summary().path("parameter-sha256").asText()).isEqualTo(whole);
    assertThat(train(small("off"))).isNotEqualTo(whole);
  }

  @Test
  void whatExecutorsAverageBeginsWithTheSame() {
    assertThat(train(small("executors", LSUV, "averaging.route=executors")))
        .isEqualTo(train(small("driver", LSUV, "averaging.route=driver")));
  }

  @Test
  void aRunSaysThatItsFirstBatchDecided() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    train(
        small("said", LSUV, "training.epochs=1"),
        new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false));
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("initialised on the first batch: lsuv\n");
  }

  @Test
  void layersOfAnotherNetworkStayAsTheyAre() throws IOException {
    train(small("source", "data.synthetic.classes=4", "training.epochs=1"));
    String model = "transfer.model=\"" + temporary.resolve("source") + "\"";
    train(small("target", LSUV, model, "transfer.freeze=[\"conv*\"]", "training.epochs=1"));
    Parameters there = parameters("source");
    Parameters here = parameters("target");
    int equal = 0;
    for (Segment segment : here.segments()) {
      if (segment.layer().startsWith("conv")) {
        assertThat(part(here, segment.layer(), segment.parameter()))
            .as("%s", segment)
            .isEqualTo(part(there, segment.layer(), segment.parameter()));
        equal++;
      }
    }
    assertThat(equal).isPositive();
  }

  private Parameters parameters(String run) throws IOException {
    try (InputStream in = Files.newInputStream(temporary.resolve(run).resolve("model.zip"))) {
      return ModelArchive.readParameters(in, "model.zip");
    }
  }

  private static float[] part(Parameters parameters, String layer, String parameter) {
    Segment segment =
        parameters.segments().stream()
            .filter(one -> one.layer().equals(layer) && one.parameter().equals(parameter))
            .findFirst()
            .orElseThrow();
    int from = (int) segment.offset();
    return Arrays.copyOfRange(parameters.values(), from, from + (int) segment.length());
  }
}
