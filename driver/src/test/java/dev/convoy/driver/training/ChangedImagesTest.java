package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is gone on with is trained on the images that it began with, or says what changed. */
class ChangedImagesTest {
  private static final String ONLY_READABLE = "data.on-bad-image=quarantine";

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static SparkCluster cluster;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path images;

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void beginARun() throws IOException {
    images = ImageFiles.write(temporary.resolve("images"), 16, "dark", "light");
    assertThat(train("run", true).status()).isEqualTo(Status.RUNNING);
  }

  @Test
  void anImageWithOtherContentUnderTheSameNameIsNoticed() throws IOException {
    rewrite("dark/3.png", 7);
    assertThatThrownBy(() -> train("run", false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot go on with file:" + temporary.resolve("run"))
        .hasMessageContaining("expected the decoded images it began with (images-packed = ")
        .hasMessageContaining("or begin anew with --overwrite")
        .hasMessageContaining("Modified since then: ")
        .hasMessageContaining("dark/3.png");
  }

  @Test
  void contentDecidesWhereLengthAndTimeAreTheSame() throws IOException {
    Path file = images.resolve("dark/3.png");
    FileTime time = Files.getLastModifiedTime(file);
    rewrite("dark/3.png", 9);
    Files.setLastModifiedTime(file, time);
    assertThatThrownBy(() -> train("run", false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("images-packed");
  }

  @Test
  void anImageThatBecameUnreadableIsNamed() throws IOException {
    Files.writeString(images.resolve("light/5.png"), "no image");
    assertThatThrownBy(() -> train("run", false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("images-packed")
        .hasMessageContaining("Unreadable since then: ")
        .hasMessageContaining("light/5.png");
    rewrite("light/5.png", 45);
    assertThat(train("run", false).status()).as("restored").isEqualTo(Status.COMPLETED);
  }

  @Test
  void imagesThatWereTakenAwayOrAddedAreNoticed() throws IOException {
    ImageFiles.write(images.resolve("dark/99.png"), 99);
    assertThatThrownBy(() -> train("run", false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot go on with")
        .hasMessageContaining("dark/99.png");
    Files.delete(images.resolve("dark/99.png"));
    Files.delete(images.resolve("dark/0.png"));
    assertThatThrownBy(() -> train("run", false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot go on with");
  }

  @Test
  void copiedFilesOfOtherTimesGoOnWithAWord() throws IOException {
    try (Stream<Path> files = Files.walk(images)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
      }
    }
    TrainingOutcome resumed = train("run", false);
    assertThat(resumed.status()).isEqualTo(Status.COMPLETED);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("note: the files of the images have other names, lengths or times than when")
        .contains("going on after round 1");
    assertThat(resumed.summary().path("parameter-sha256"))
        .isEqualTo(train("whole", false).summary().path("parameter-sha256"));
  }

  @Test
  void aRunThatEndedOnOtherImagesIsNotTakenForOneOnThese() throws IOException {
    assertThat(train("run", false).status()).isEqualTo(Status.COMPLETED);
    assertThat(train("run", false).status()).isEqualTo(Status.COMPLETED);
    rewrite("dark/3.png", 7);
    assertThatThrownBy(() -> train("run", false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found it trained on others")
        .hasMessageContaining("dark/3.png");
  }

  /** Names, lengths and pixels of the images are as they were. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.weights",
        "training.resample={method=bootstrap, fraction=0.5}, training.resample.weights"
      })
  void otherWeightsOfTheSameImagesAreNoticed(String key) throws IOException {
    Path weights = temporary.resolve("weights.csv");
    String[] overrides = (key + "=" + weights).split(", (?=training)", -1);
    Files.writeString(weights, "class,weight\ndark,1\nlight,4\n");
    train("weighted", true, overrides);
    train("ended", false, overrides);
    Files.writeString(weights, "class,weight\ndark,4\nlight,1\n");
    assertThatThrownBy(() -> train("weighted", false, overrides))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("images-packed");
    assertThatThrownBy(() -> train("ended", false, overrides))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found it trained on others");
    Files.writeString(weights, "class,weight\ndark,1\nlight,4\n");
    assertThat(train("weighted", false, overrides).status()).isEqualTo(Status.COMPLETED);
    assertThat(train("ended", false, overrides).status()).isEqualTo(Status.COMPLETED);
  }

  private void rewrite(String name, int number) throws IOException {
    ImageFiles.write(images.resolve(name), number);
    // Later than the run began, whatever the clock's steps.
    Files.setLastModifiedTime(
        images.resolve(name), FileTime.fromMillis(System.currentTimeMillis() + 60_000));
  }

  private TrainingOutcome train(String name, boolean suspend, String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "data.format=image-folder",
                "data.train=" + images,
                "data.test=null",
                "data.validation=0.25",
                "training.epochs=3",
                ONLY_READABLE));
    all.addAll(List.of(overrides));
    RunConfiguration configuration =
        Experiments.small(temporary.resolve(name), all.toArray(String[]::new));
    Progress progress = new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false);
    try (RunDirectory directory =
            RunDirectory.open(configuration, new Configuration(false), () -> {});
        TrainingData data = new TrainingData(cluster, configuration, progress)) {
      return TrainingRun.run(
          cluster,
          configuration,
          directory,
          progress,
          data,
          moment ->
              suspend && moment.rounds() > 0
                  ? Supervisor.Verdict.SUSPEND
                  : Supervisor.Verdict.GO_ON,
          Optional.empty());
    }
  }
}
