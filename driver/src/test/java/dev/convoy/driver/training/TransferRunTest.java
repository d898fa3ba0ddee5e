package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that begin with layers of a trained network. */
class TransferRunTest {
  private static final String RESNET =
      "model={name=resnet-20, width=2, filters=null, hidden=null, dropout=null}";

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static SparkCluster cluster;
  private static Path source;

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
    source = shared.resolve("source");
    train(Experiments.small(source, RESNET, "data.synthetic.classes=4", "training.epochs=1"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private RunConfiguration small(String name, String... overrides) {
    List<String> all =
        new ArrayList<>(List.of(RESNET, "transfer.model=\"" + source + "\"", "training.workers=2"));
    all.addAll(List.of(overrides));
    return Experiments.small(temporary.resolve(name), all.toArray(String[]::new));
  }

  private static TrainingOutcome train(RunConfiguration configuration) {
    return train(configuration, Progress.none());
  }

  private static TrainingOutcome train(RunConfiguration configuration, Progress progress) {
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      return TrainingRun.run(cluster, configuration, directory, progress);
    }
  }

  private static Parameters parameters(Path run) throws IOException {
    try (InputStream in = Files.newInputStream(run.resolve("model.zip"))) {
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

  @Test
  void frozenLayersAreThoseOfTheSourceBitForBitHoweverManyWorkersAreAveraged() throws IOException {
    train(
        small(
            "frozen",
            "transfer.freeze-up-to=stage2-block3-relu",
            "training.workers=3",
            "optimizer={l2=1e-3, weight-decay=1e-3, max-norm=0.1}",
            "averaging={strategy=block-momentum, moving-average={decay=0.6, keep=average}}"));
    Parameters there = parameters(source);
    Parameters here = parameters(temporary.resolve("frozen"));
    int frozen = 0;
    for (Segment segment : here.segments()) {
      float[] found = part(here, segment.layer(), segment.parameter());
      if (segment.layer().matches("(stem|stage[12])-.*")) {
        assertThat(found)
            .as("%s", segment)
            .isEqualTo(part(there, segment.layer(), segment.parameter()));
        frozen++;
      } else if (!segment.layer().equals("output")) {
        assertThat(found)
            .as("%s", segment)
            .isNotEqualTo(part(there, segment.layer(), segment.parameter()));
      }
    }
    assertThat(frozen).isGreaterThan(60);
  }

  @Test
  void aRunSaysWhatItTookAndWhatIsDrawn() {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    train(
        small("said", "transfer.freeze=[\"stage1-*\"]", "training.epochs=1"),
        new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false));
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains(
            "transfer: 42 of 43 layers from "
                + source
                + "/model.zip; drawn anew: output (W 8 × 4 there, 8 × 3 here); frozen: 12 layers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rate-decay=0.8",
        "freeze=[\"stage1-*\"]",
        "unfreeze-every=1 epoch",
      })
  void aRunThatIsSuspendedAtEveryRoundEndsWithTheSameParameters(String way) {
    String[] settings = {"transfer." + way, "optimizer.name=adam", "training.epochs=3"};
    TrainingOutcome whole = train(small("whole", settings));
    RunConfiguration configuration = small("suspended", settings);
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
    assertThat(attempts).isGreaterThan(3);
    assertThat(outcome.summary().path("parameter-sha256"))
        .isEqualTo(whole.summary().path("parameter-sha256"));
  }

  /** The optimizer counts the steps of each stage: its state has a value more for each. */
  @Test
  void layersThatAreUnfrozenLaterAreAveragedOnExecutorsAsOnTheDriver() {
    List<String> ends = new ArrayList<>();
    for (String route : List.of("driver", "executors")) {
      TrainingOutcome outcome =
          train(
              small(
                  route,
                  "transfer.unfreeze-every=1 epoch",
                  "optimizer.name=adam",
                  "training.epochs=3",
                  "averaging.route=" + route));
      ends.add(outcome.summary().path("parameter-sha256").asText());
    }
    assertThat(ends.get(1)).isEqualTo(ends.get(0));
  }

  @Test
  void aRunDoesNotGoOnFromAnotherModel() throws IOException {
    Path copy = temporary.resolve("copy");
    Files.createDirectories(copy);
    Files.copy(source.resolve("model.zip"), copy.resolve("model.zip"));
    RunConfiguration configuration = small("run", "transfer.model=\"" + copy + "\"");
    train(configuration);
    Files.delete(temporary.resolve("run/summary.json"));
    train(small("other", "training.epochs=1"));
    Files.delete(copy.resolve("model.zip"));
    Files.copy(temporary.resolve("other/model.zip"), copy.resolve("model.zip"));

    assertThatThrownBy(() -> train(configuration))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot go on with file:" + temporary.resolve("run"))
        .hasMessageContaining(
            "expected the model to take layers from it began with (transferred-model = ")
        .hasMessageContaining("Restore it, or begin anew with --overwrite.");
  }

  @Test
  void aModelThatIsNotThereIsSaid() {
    RunConfiguration configuration = small("run", "transfer.model=/nowhere/at/all");
    assertThatThrownBy(() -> train(configuration))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot read the model to begin with: expected transfer.model to be a model.zip or a run"
                + " directory that holds one, found /nowhere/at/all (")
        .hasMessageEndingWith("Correct it, or transfer.model=null to draw all weights.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "transfer.layers=[\"stage1-*\", \"stage7-*\"] | transfer.layers: expected names of layers"
            + " that resnet-20 shares with the network in * found \"stage7-*\", which"
            + " gives none: no such layer here. *",
        "transfer.layers=[output] | transfer.layers: *found \"output\", which gives none:"
            + " output (W 8 × 4 there, 8 × 3 here). Name others, or another transfer.model.",
        "transfer.freeze=[\"stage9-*\"] | transfer.freeze and transfer.freeze-up-to: expected names"
            + " of layers of resnet-20, found \"stage9-*\", which fits none. \"convoy models"
            + " resnet-20 --layers\" lists them.",
        "transfer.freeze-up-to=output | transfer.freeze and *found some that are drawn: output (W 8"
            + " × 4 there, 8 × 3 here). Freeze fewer.",
      })
  void layersThatDoNotFitAreSaid(String setting, String message) {
    RunConfiguration configuration = small("run", setting);
    String[] parts = message.split("\\*", -1);
    assertThatThrownBy(() -> train(configuration))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(parts[0])
        .satisfies(
            e -> {
              for (String part : parts) {
                assertThat(e.getMessage()).contains(part);
              }
            });
  }

  @Test
  void aNetworkThatIsFrozenAsAWholeIsRefused() {
    RunConfiguration configuration =
        small("run", "data.synthetic.classes=4", "transfer.freeze=[\"*\"]");
    assertThatThrownBy(() -> train(configuration))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "transfer.freeze and transfer.freeze-up-to: expected at least one layer of resnet-20"
                + " that learns, found all frozen. Freeze fewer.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"freeze=[a]", "freeze-up-to=a", "rate-decay=0.5", "unfreeze-every=1 epoch"})
  void withoutAModelThereIsNothingToFreeze(String setting) {
    assertThatThrownBy(() -> Experiments.small(temporary.resolve("run"), "transfer." + setting))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            ": expected its default where transfer.model is null: all layers are drawn anew");
  }
}
