package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.DataException;
import dev.convoy.data.source.NumberScale;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.ensemble.EnsembleDefinition;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.search.HyperparameterSearch;
import dev.convoy.driver.search.SearchDefinition;
import dev.convoy.worker.archive.ModelArchive;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that learn numbers: how bright pictures are, far from zero and in two units. */
class RegressionTest {
  @TempDir static Path shared;
  @TempDir Path temporary;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
    write("train", 96, 0);
    write("test", 24, 1);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Grey pictures of a brightness from 0 to 255, evenly spread. */
  private static void write(String name, int count, int offset) throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,warmth,path,dark"));
    for (int i = 0; i < count; i++) {
      int grey = (i * 256 + offset * 50) / count % 256;
      BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
      for (int pixel = 0; pixel < 144; pixel++) {
        image.getRaster().setSample(pixel % 12, pixel / 12, 0, grey);
      }
      Path file = shared.resolve(name + i + ".png");
      ImageIO.write(image, "png", file.toFile());
      lines.add(i + "," + (1000 + grey) + "," + file.getFileName() + "," + -grey / 1000.0);
    }
    Files.write(shared.resolve(name + ".csv"), lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mse", "mae", "{name = huber, delta = 1}"})
  void numbersAreLearnedAndMeasuredInTheirOwnUnits(String loss) {
    TrainingOutcome outcome = train(numbers("run", "loss=" + loss));
    JsonNode test = outcome.summary().path("test");
    assertThat(test.path("r2").asDouble()).isGreaterThan(0.9);
    assertThat(test.path("accuracy").isMissingNode()).isTrue();
    JsonNode warmth = test.at("/numbers/warmth");
    JsonNode dark = test.at("/numbers/dark");
    assertThat(warmth.path("mae").asDouble()).isBetween(0.01, 25.0);
    assertThat(dark.path("mae").asDouble()).isBetween(1e-5, 0.025);
    for (String error : List.of("mae", "rmse", "r2")) {
      assertThat(test.path(error).asDouble())
          .isCloseTo(
              (warmth.path(error).asDouble() + dark.path(error).asDouble()) / 2, within(1e-9));
      assertThat(outcome.summary().at("/best/validation-" + error).isNumber()).isTrue();
    }
  }

  @Test
  void aRunGoesOnFromItsCheckpointsAndEndsWithTheSameParameters() throws IOException {
    TrainingOutcome whole = train(numbers("whole", "checkpoint.keep=100"));
    RunConfiguration configuration = numbers("killed", "checkpoint.keep=100");
    RunDirectory.open(configuration, new Configuration(false), () -> {}).close();
    Path checkpoints = Files.createDirectories(temporary.resolve("killed/checkpoints"));
    try (var files = Files.list(temporary.resolve("whole/checkpoints"))) {
      for (Path file : files.sorted().limit(2).toList()) {
        Files.copy(file, checkpoints.resolve(file.getFileName()));
      }
    }
    TrainingOutcome resumed = train(configuration);
    for (String field : List.of("parameter-sha256", "best", "test", "rounds")) {
      assertThat(resumed.summary().path(field)).isEqualTo(whole.summary().path(field));
    }
  }

  @Test
  void theModelKeepsTheNamesAndTheScaleOfTheTrainingImages() throws IOException {
    train(numbers("run"));
    byte[] file = Files.readAllBytes(temporary.resolve("run/model.zip"));
    ModelArchive.Model model = ModelArchive.read(file, "model.zip");
    assertThat(model.card().labels()).containsExactly("warmth", "dark");
    NumberScale scale = model.card().numbers().orElseThrow();
    assertThat(scale.means()[0]).isBetween(1110.0, 1145.0);
    assertThat(scale.deviations()[0])
        .isCloseTo(-1000 * scale.means()[1] / Math.sqrt(3), within(8.0));
    assertThat(temporary.resolve("run/labels.txt")).hasContent("warmth\ndark");
  }

  @Test
  void whatMakesNoSenseWithNumbersIsRefused() {
    assertThatThrownBy(
            () ->
                numbers(
                    "run",
                    "loss=cross-entropy",
                    "augment=[{name=label-smoothing}]",
                    "data.weights=balanced",
                    "training.early-stopping.metric=validation-accuracy"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("loss.name = cross-entropy: expected one of huber, mae, mse where")
        .hasMessageContaining("expected no label-smoothing where data.columns.numbers are learned")
        .hasMessageContaining("data.weights = balanced: expected null or a file")
        .hasMessageContaining("expected validation-loss where data.columns.numbers are learned");
    assertThatThrownBy(() -> Experiments.small(temporary, "data.columns.numbers=[a]", "loss=mse"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected [] unless data.format = manifest");
    assertThatThrownBy(() -> numbers("run").data().requireClasses("check"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "data.columns.numbers = [warmth, dark]: expected [] for convoy check, which is for"
                + " classes alone");
  }

  @Test
  void aColumnThatIsNotThereOrHoldsNoNumbersIsNamed() {
    assertThatThrownBy(() -> train(numbers("run", "data.columns.numbers=[warmth, cold]")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected the column cold in line 1, found id,warmth,path,dark, in");
    assertThatThrownBy(() -> train(numbers("run", "data.columns.numbers=[path]")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a number for path in line 2, found train0.png");
  }

  @Test
  void aSearchRanksItsTrialsByTheLossAndTestsTheWinnerInItsOwnUnits() throws IOException {
    List<String> all = new ArrayList<>(Experiments.SMALL);
    all.addAll(ofNumbers());
    all.addAll(
        List.of(
            "optimizer.learning-rate={choice=[0.01, 1e-6]}",
            "search={trials=2, sampling=grid, parallel-trials=1}"));
    Path space = Files.createTempFile(temporary, "space", ".conf");
    SearchDefinition definition =
        SearchDefinition.of(WrittenConfiguration.read(space.toString(), all));
    DirectoryClaim claim =
        new DirectoryClaim(
            temporary.resolve("search").toString(),
            definition.text(),
            false,
            SearchDefinition::identityOf);
    JsonNode summary;
    try (SearchDirectory directory =
        SearchDirectory.open(claim, new Configuration(false), () -> {})) {
      summary = new HyperparameterSearch(cluster, definition, directory, Progress.none()).run();
    }
    assertThat(Files.readAllLines(temporary.resolve("search/leaderboard.csv")))
        .hasSize(3)
        .first()
        .asString()
        .startsWith("rank,trial,state,epochs,validation-loss,optimizer.learning-rate");
    assertThat(Files.readAllLines(temporary.resolve("search/leaderboard.csv")).get(1))
        .contains(",0.01,");
    assertThat(summary.at("/test/r2").asDouble()).isGreaterThan(0.9);
    assertThat(summary.at("/test/numbers/warmth/mae").isNumber()).isTrue();
  }

  @Test
  void anEnsembleOfNumbersIsRefused() throws IOException {
    List<String> all = new ArrayList<>(Experiments.SMALL);
    all.addAll(ofNumbers());
    Path file = Files.createTempFile(temporary, "ensemble", ".conf");
    assertThatThrownBy(() -> EnsembleDefinition.of(WrittenConfiguration.read(file.toString(), all)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected [] for convoy ensemble, which is for classes alone");
  }

  private RunConfiguration numbers(String name, String... overrides) {
    List<String> all = new ArrayList<>(ofNumbers());
    all.addAll(List.of(overrides));
    return Experiments.small(temporary.resolve(name), all.toArray(String[]::new));
  }

  /** What an experiment of numbers has in place of the small one's. */
  private static List<String> ofNumbers() {
    return List.of(
        "data.format=manifest",
        "data.train=" + shared.resolve("train.csv"),
        "data.test=" + shared.resolve("test.csv"),
        "data.columns.numbers=[warmth, dark]",
        "loss=mse",
        "augment=[]",
        "model={name=linear, filters=null, hidden=null, dropout=null}",
        "optimizer={name=adam, learning-rate=0.01, momentum=null}",
        "training.epochs=8");
  }

  private static TrainingOutcome train(RunConfiguration configuration) {
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      return TrainingRun.run(cluster, configuration, directory, Progress.none());
    }
  }
}
