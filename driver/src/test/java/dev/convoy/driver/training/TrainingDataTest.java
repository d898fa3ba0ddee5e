package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.DataException;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.report.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that cannot be trained, validated or tested on are refused by name. */
class TrainingDataTest {
  private static final byte[] UNREADABLE = "no image\n".getBytes(StandardCharsets.UTF_8);

  /** Without validation. */
  private static final String OFF = "data.validation=null";

  private static final String NEVER = "training.early-stopping=off";

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static SparkCluster cluster;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path train;

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void writeTrainingImages() throws IOException {
    train = ImageFiles.write(temporary.resolve("train"), 8, "dark", "light");
  }

  @Test
  void aValidationPathOfWhichNoImageCanBeReadIsRefused() throws IOException {
    assertThatThrownBy(() -> open("data.validation=" + unreadable("validation")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot use the validation images: expected at least one that can be read, found none,"
                + " in "
                + temporary.resolve("validation")
                + "; unreadable are ")
        .hasMessageContaining("dark/0.png (not a JPEG, PNG, BMP, GIF, WebP or TIFF")
        .hasMessageEndingWith("and 1 more. Mend the images, or name others with data.validation.");
  }

  @Test
  void aTestPathOfWhichNoImageCanBeReadIsRefusedAndTheModelIsKept() throws IOException {
    RunConfiguration configuration =
        configuration("data.validation=0.25", "data.test=" + unreadable("test"));
    assertThatThrownBy(() -> run(configuration))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot use the test images")
        .hasMessageContaining(temporary.resolve("test").toString());
    assertThat(temporary.resolve("run/model.zip")).exists();
    assertThat(temporary.resolve("run/summary.json")).doesNotExist();
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("only the test is missing");

    ImageFiles.write(temporary.resolve("test"), 2, "dark", "light");

    assertThat(run(configuration).summary().path("test").path("accuracy").isNumber()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bootstrap", "pasting"})
  void aClassWhoseImagesAllWeighNothingCannotBeDrawnFromByItself(String method) throws IOException {
    Path weights = temporary.resolve("weights.csv");
    Files.writeString(weights, "class,weight\ndark,0\nlight,1\n");
    String draw =
        "training.resample={method="
            + method
            + ", fraction=0.5, weights="
            + weights
            + ", stratified=";
    RunConfiguration stratified = configuration(OFF, NEVER, draw + "on}");
    try (TrainingData data = open(OFF, NEVER)) {
      assertThatThrownBy(() -> data.draw(stratified.training().resample().orElseThrow()))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "Cannot draw training images: expected an image with a weight above 0 in every"
                  + " class, as training.resample.stratified = on draws from each by itself, found"
                  + " none of dark, in "
                  + weights
                  + ". Give some of them a weight, or set training.resample.stratified = off.");
      RunConfiguration together = configuration(OFF, NEVER, draw + "off}");
      assertThat(data.draw(together.training().resample().orElseThrow())).isNotNull();
    }
  }

  @Test
  void aTestThatIsAFractionIsDrawnFromEveryClassAndNeitherTrainedOnNorValidatedWith()
      throws IOException {
    Set<String> all = new TreeSet<>();
    Set<String> tested;
    try (TrainingData data = open("data.test=0.25", "data.validation=0.25")) {
      tested = files(data.test().orElseThrow());
      assertThat(tested).hasSize(4).filteredOn(file -> file.contains("dark")).hasSize(2);
      assertThat(files(data.train())).hasSize(8).doesNotContainAnyElementsOf(tested);
      all.addAll(files(data.train()));
      all.addAll(files(data.validation().orElseThrow()));
      all.addAll(tested);
    }
    assertThat(all).as("each image once").hasSize(16);
    try (TrainingData data =
        open("data.test=0.25", "data.validation=null", "data.limit=7", NEVER)) {
      assertThat(files(data.test().orElseThrow()))
          .as("whatever else is split off")
          .isEqualTo(tested);
      assertThat(files(data.train())).hasSize(7).doesNotContainAnyElementsOf(tested);
    }
    try (TrainingData data = open("data.test=held out 0.25", "data.validation={fold=1, folds=3}")) {
      assertThat(data.test()).isEmpty();
      assertThat(files(data.train())).doesNotContainAnyElementsOf(tested);
      assertThat(files(data.validation().orElseThrow())).doesNotContainAnyElementsOf(tested);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"idx", "cifar10-binary", "manifest", "shards"})
  void whatIsThereIsNamedWhereTheFormatIsWrong(String format) {
    assertThatThrownBy(() -> open("data.format=" + format))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith(
            " Or is data.format = " + format + " wrong? What is there looks like image-folder.");
  }

  @Test
  void aTestThatIsAFractionCountsInTheSummary() {
    JsonNode examples =
        run(configuration("data.test=0.25", "data.validation=0.25")).summary().path("examples");
    assertThat(examples.path("train").asInt()).isEqualTo(8);
    assertThat(examples.path("validation").asInt()).isEqualTo(4);
    assertThat(examples.path("test").asInt()).isEqualTo(4);
  }

  private static Set<String> files(ShardedImages images) {
    Set<String> files = new TreeSet<>();
    for (Listing part : images.listings()) {
      for (int i = 0; i < part.size(); i++) {
        files.add(part.file(i));
      }
    }
    return files;
  }

  @Test
  void trainingImagesOfWhichNoneCanBeReadAreRefused() throws IOException {
    assertThatThrownBy(() -> open("data.train=" + unreadable("torn"), OFF, NEVER))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot use the training images")
        .hasMessageContaining(temporary.resolve("torn").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"data.validation=0.25", "data.validation={fold=2, folds=4}"})
  void imagesSplitOffForValidationOfWhichNoneCanBeReadAreRefused(String validation)
      throws IOException {
    List<Path> heldOut = new ArrayList<>();
    try (TrainingData data = open(validation)) {
      for (Listing part : data.validation().orElseThrow().listings()) {
        for (int i = 0; i < part.size(); i++) {
          heldOut.add(Path.of(part.file(i).replaceFirst("^file:", "")));
        }
      }
    }
    assertThat(heldOut).hasSize(4);
    for (Path file : heldOut) {
      Files.write(file, UNREADABLE);
    }
    assertThatThrownBy(() -> open(validation))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot use the validation images: expected at least one")
        .hasMessageContaining(train.toString());
  }

  @Test
  void aClassOfWhichOnlyValidationImagesCanBeReadIsRefused() throws IOException {
    Path validation = ImageFiles.write(temporary.resolve("validation"), 2, "dark", "light");
    try (Stream<Path> files = Files.list(train.resolve("light"))) {
      for (Path file : files.toList()) {
        Files.write(file, UNREADABLE);
      }
    }
    assertThatThrownBy(() -> open("data.validation=" + validation))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "Cannot train on the class light: expected at least one readable training image");
  }

  @Test
  void testClassesThatTrainingDoesNotHaveAreRefused() throws IOException {
    Path test = ImageFiles.write(temporary.resolve("test"), 2, "dark", "grey");
    assertThatThrownBy(() -> open("data.test=" + test))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("found class grey");
  }

  @Test
  void aLimitThatLeavesAClassWithoutImagesIsSaid() throws IOException {
    Path images = ImageFiles.write(temporary.resolve("many"), 1, names(40));
    try (TrainingData data = open("data.train=" + images, "data.limit=30", OFF, NEVER)) {
      assertThat(data.train().statistics().examples()).isEqualTo(30);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("note: data.limit leaves no training image of 10 of the 40 classes (class-")
        .contains("and 7 more), which are not learned");
  }

  @Test
  void aLimitThatLeavesOneClassIsRefused() {
    assertThatThrownBy(() -> open("data.limit=1", OFF, NEVER))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot train a classifier within data.limit")
        .hasMessageEndingWith("Raise data.limit.");
  }

  private static String[] names(int classes) {
    String[] names = new String[classes];
    for (int i = 0; i < classes; i++) {
      names[i] = "class-" + (100 + i);
    }
    return names;
  }

  /** A folder of two classes with two files each, none of them an image. */
  private Path unreadable(String name) throws IOException {
    Path folder = ImageFiles.write(temporary.resolve(name), 2, "dark", "light");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.write(file, UNREADABLE);
      }
    }
    return folder;
  }

  private RunConfiguration configuration(String... overrides) {
    return Experiments.small(
        temporary.resolve("run"),
        Stream.concat(
                Stream.of(
                    "data.format=image-folder",
                    "data.train=" + train,
                    "data.test=null",
                    "training.epochs=1"),
                Stream.of(overrides))
            .toArray(String[]::new));
  }

  private TrainingData open(String... overrides) {
    return new TrainingData(cluster, configuration(overrides), progress());
  }

  private TrainingOutcome run(RunConfiguration configuration) {
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      return TrainingRun.run(cluster, configuration, directory, progress());
    }
  }

  private Progress progress() {
    return new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false);
  }
}
