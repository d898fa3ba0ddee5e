package dev.convoy.driver.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.directory.DirectoryLock;
import dev.convoy.driver.training.ImageFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineInterfaceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temporary;
  private Path experiment;
  private Path output;

  @BeforeEach
  void writeExperiment() throws IOException {
    experiment = temporary.resolve("experiment.conf");
    Files.writeString(experiment, "name = test\n");
    output = temporary.resolve("run");
  }

  @Test
  void trainPrintsTheSummaryAndTellsOfItsProgressElsewhere() throws IOException {
    CommandRun result = train();
    assertThat(result.exitCode()).isZero();
    JsonNode summary = JSON.readTree(result.out());
    assertThat(summary.path("status").asText()).isEqualTo("completed");
    assertThat(summary).isEqualTo(JSON.readTree(output.resolve("summary.json").toFile()));
    assertThat(result.err())
        .contains("epoch 2/2  train loss ")
        .contains("run directory: file:" + output);
    assertNoStackTrace(result);
  }

  @Test
  void whatLibrariesPrintIsNotAmongTheResults() throws IOException {
    // Deeplearning4j's layers for group normalisation print on standard output when they are made.
    CommandRun result =
        train(
            "model={name=resnet-20,normalization=group,filters=null,hidden=null}",
            "accelerator.compiled=off",
            "training.epochs=1");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(JSON.readTree(result.out()).path("status").asText()).isEqualTo("completed");
    assertThat(result.err()).contains("differentiated op");
  }

  @Test
  void aRunThatHasEndedIsNotTrainedAgain() throws IOException {
    CommandRun first = train();
    CommandRun second = train("training.max-minutes=1");
    assertThat(second.exitCode()).isZero();
    assertThat(JSON.readTree(second.out())).isEqualTo(JSON.readTree(first.out()));
    assertThat(second.err()).contains("this run has ended before").doesNotContain("train loss");
  }

  @Test
  void aDifferentRunIsKeptUnlessItIsToBeOverwritten() throws IOException {
    assertThat(train().exitCode()).isZero();
    CommandRun refused = train("seed=2");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    List<String> lines = refused.err().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("output = " + output).contains("--overwrite");
    assertThat(lines.get(1)).isEqualTo("  seed = 1 there, 2 here");
    assertThat(train("seed=2", "--overwrite").exitCode()).isZero();
    assertThat(Files.readString(output.resolve("config.conf"))).contains("seed=2");
  }

  @Test
  void aClusterThatCannotDoItsWorkIsNotTrainingThatFailed() {
    CommandRun result = train("spark.conf.spark.driver.maxResultSize=1");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("Cannot finish the work on executors: ", "spark.driver.maxResultSize")
        .doesNotContain("\tat ");
  }

  @Test
  void evaluateMeasuresTheModelThatTrainLeft() throws IOException {
    JsonNode summary = JSON.readTree(train().out());
    CommandRun result = evaluate(output.resolve("model.zip"));
    assertThat(result.exitCode()).isZero();
    JsonNode evaluation = JSON.readTree(result.out());
    assertThat(evaluation.path("model").asText()).isEqualTo("lenet-5");
    assertThat(evaluation.path("examples").path("test").asInt()).isEqualTo(20);
    assertThat(evaluation.path("test").path("accuracy"))
        .isEqualTo(summary.path("test").path("accuracy"));
    assertThat(evaluation.path("test").path("loss").asDouble())
        .isEqualTo(summary.path("test").path("loss").asDouble());
    assertThat(evaluation.path("classes")).hasSize(3);
  }

  @Test
  void evaluateFindsTheImagesThatTrainHeldOutForTheTest() throws IOException {
    Path photographs = ImageFiles.write(temporary.resolve("photographs"), 12, "dark", "light");
    String[] images = {"data.format=auto", "data.train=" + photographs, "data.test=0.25"};
    CommandRun trained = train(images);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode summary = JSON.readTree(trained.out());
    assertThat(summary.path("examples").path("test").asInt()).isEqualTo(6);
    JsonNode evaluation = JSON.readTree(evaluate(output, images).out());
    assertThat(evaluation.path("examples").path("test").asInt()).isEqualTo(6);
    assertThat(evaluation.path("test").path("loss").asDouble())
        .isEqualTo(summary.path("test").path("loss").asDouble());
  }

  @ParameterizedTest
  @CsvSource({
    "ensemble, ensemble.members=1, members",
    "search, 'optimizer.learning-rate={uniform=[0.01, 0.1]}', trials"
  })
  void runsOfOtherImagesAreNotAddedToUnlessAllBeginAnew(String command, String what, String runs)
      throws IOException {
    Path images = ImageFiles.write(temporary.resolve("images"), 12, "dark", "light");
    List<String> all = new ArrayList<>(List.of(command, experiment.toString()));
    all.add("output=\"" + output + "\"");
    all.addAll(Experiments.SMALL);
    all.addAll(List.of("data.format=auto", "data.train=" + images));
    all.addAll(List.of("data.test=off", "training.epochs=1", what));
    if (command.equals("search")) {
      all.add("search.trials=1");
    }
    CommandRun first = run(all.toArray(String[]::new));
    assertThat(first.exitCode()).as(first.err()).isZero();
    ImageFiles.write(images.resolve("dark/0.png"), 99);
    all.add("--overwrite");
    CommandRun same = run(all.toArray(String[]::new));
    assertThat(same.exitCode()).as(same.err()).isZero();
    assertThat(same.err()).contains("is of other images and begun anew");
    all.remove("--overwrite");
    ImageFiles.write(images.resolve("dark/0.png"), 7);
    all.addAll(List.of("--extend", "1"));
    CommandRun refused = run(all.toArray(String[]::new));
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(3);
    assertThat(refused.err())
        .contains("expected one on these images", "begin anew with --overwrite", "dark/0.png");
    all.add("--overwrite");
    CommandRun anew = run(all.toArray(String[]::new));
    assertThat(anew.exitCode()).as(anew.err()).isZero();
    assertThat(anew.err()).contains("is of other images and begun anew");
    try (Stream<Path> directories = Files.list(output.resolve(runs))) {
      assertThat(directories).hasSize(2);
    }
  }

  /** Of every image and its mirror image, one by one, the mean is what is said of both views. */
  @Test
  void predictionsOfViewsAreAveraged() throws IOException {
    Path images = temporary.resolve("images");
    Path mirrored = temporary.resolve("mirrored");
    for (int i = 0; i < 9; i++) {
      ImageFiles.write(images.resolve(i + ".png"), 31 * i);
      BufferedImage image = ImageIO.read(images.resolve(i + ".png").toFile());
      BufferedImage mirror = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
      for (int at = 0; at < 144; at++) {
        int sample = image.getRaster().getSample(at % 12, at / 12, 0);
        mirror.getRaster().setSample(11 - at % 12, at / 12, 0, sample);
      }
      Files.createDirectories(mirrored);
      ImageIO.write(mirror, "png", mirrored.resolve(i + ".png").toFile());
    }
    assertThat(train().exitCode()).isZero();

    List<JsonNode> once = predict(images);
    List<JsonNode> mirror = predict(mirrored);
    List<JsonNode> both = predict(images, "--augment=flip");

    assertThat(both).hasSize(9);
    double apart = 0;
    for (int i = 0; i < both.size(); i++) {
      assertThat(both.get(i).path("path")).isEqualTo(once.get(i).path("path"));
      for (String label : List.of("disc", "ring", "square")) {
        double one = probability(once.get(i), label);
        double other = probability(mirror.get(i), label);
        assertThat(probability(both.get(i), label)).isCloseTo((one + other) / 2, within(1e-6));
        apart = Math.max(apart, Math.abs(one - other));
      }
    }
    assertThat(apart).isGreaterThan(1e-3);
    assertThat(predict(images, "--augment=ten-crop")).hasSize(9).isNotEqualTo(once);
  }

  private static double probability(JsonNode prediction, String label) {
    JsonNode probabilities = prediction.path("probabilities");
    assertThat(probabilities.has(label)).as(probabilities.toString()).isTrue();
    return probabilities.path(label).asDouble();
  }

  private List<JsonNode> predict(Path images, String... options) throws IOException {
    Path file = temporary.resolve("predictions.jsonl");
    List<String> all = new ArrayList<>(List.of("predict", output.toString()));
    all.addAll(List.of("--images", images.toString(), "--output", file.toString()));
    all.add("spark.master=local[2]");
    all.addAll(List.of(options));
    CommandRun result = run(all.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void evaluateSaysWhatViewsItAveraged() throws IOException {
    assertThat(train().exitCode()).isZero();
    JsonNode plain = JSON.readTree(evaluate(output).out());
    JsonNode crops = JSON.readTree(evaluate(output, "--augment=ten-crop").out());

    assertThat(plain.has("augment")).isFalse();
    assertThat(crops.path("augment").asText()).isEqualTo("ten-crop");
    assertThat(crops.path("examples")).isEqualTo(plain.path("examples"));
    assertThat(crops.path("test").path("loss")).isNotEqualTo(plain.path("test").path("loss"));

    CommandRun unknown = evaluate(output, "--augment=six-crop");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("--augment six-crop: expected none, flip, five-crop or ten-crop");
    assertNoStackTrace(unknown);
  }

  @Test
  void withoutATestThereIsNothingToEvaluate() throws IOException {
    CommandRun result = train("data.test=off");
    assertThat(result.exitCode()).isZero();
    JsonNode summary = JSON.readTree(result.out());
    assertThat(summary.has("test")).isFalse();
    assertThat(summary.path("examples").path("test").asInt()).isZero();
    CommandRun refused = evaluate(output.resolve("model.zip"), "data.test=off");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err().lines())
        .containsExactly(
            "data.test: expected where the test images are, or which fraction of data.train they"
                + " are, found null or off");
  }

  @Test
  void resultsThatNobodyCouldBeGivenAreAFailure() {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(new FullDisk(), true, UTF_8));
      System.setErr(new PrintStream(err, true, UTF_8));
      assertThat(CommandLineInterface.run("models")).isEqualTo(ExitCode.OTHER);
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
    assertThat(err.toString(UTF_8))
        .isEqualToIgnoringNewLines(
            "Cannot write standard output: whoever reads it has closed it, or its disk is full.");
  }

  private static final class FullDisk extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      throw new IOException("No space left on device");
    }
  }

  @Test
  void evaluatingWhatIsNoModelIsAProblemOfTheData() throws IOException {
    for (String content : List.of("", "garbage")) {
      Path model = Files.writeString(temporary.resolve("model.zip"), content);
      CommandRun result = evaluate(model);
      assertThat(result.exitCode()).isEqualTo(3);
      assertThat(result.err()).startsWith("Cannot read the model " + model + ": ");
      assertNoStackTrace(result);
    }
    CommandRun missing = evaluate(temporary.resolve("missing.zip"));
    assertThat(missing.exitCode()).isEqualTo(3);
    assertThat(missing.err())
        .startsWith("Cannot read the model ")
        .contains(
            "missing.zip: expected a model.zip, an ensemble.zip, or the directory of the run");
    assertNoStackTrace(missing);
  }

  @Test
  void aTrainingThatDivergesEndsWithFourAndAdvice() throws IOException {
    CommandRun result = train("optimizer.learning-rate=1e30");
    assertThat(result.exitCode()).isEqualTo(4);
    assertThat(JSON.readTree(result.out()).path("status").asText()).isEqualTo("diverged");
    assertThat(result.err())
        .contains("Training diverged: the loss is no longer a finite number. Try a lower");
    assertNoStackTrace(result);
    assertThat(train("optimizer.learning-rate=1e30").exitCode()).as("asked again").isEqualTo(4);
  }

  @Test
  void problemsOfTheConfigurationEndWithTwoAndOneLineEach() {
    CommandRun result = train("training.batch-size=0", "optimizer.learning-rat=1", "seed=x");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .containsExactlyInAnyOrder(
            "training.batch-size = 0: expected a whole number from 1 to 1048576 (command line)",
            "optimizer.learning-rat: unknown key; did you mean optimizer.learning-rate? (command"
                + " line)",
            "seed = x: expected a whole number of 64 bits (command line)");
  }

  @Test
  void aConfigurationThatIsNotThereEndsWithTwo() {
    CommandRun result = run("train", temporary.resolve("missing.conf").toString());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .startsWith("Cannot read the configuration ")
        .contains("missing.conf");
  }

  @Test
  void imagesThatAreNotThereEndWithThree() {
    CommandRun result =
        train("data={format=image-folder, train=\"" + temporary.resolve("nowhere") + "\"}");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("nowhere");
    assertNoStackTrace(result);
  }

  @Test
  void anOutputThatCannotBeWrittenEndsWithTwo() throws IOException {
    Files.writeString(output, "a file");
    CommandRun result = train();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("output = " + output).contains("a file is in the way");
    assertNoStackTrace(result);
  }

  @Test
  void anOutputThatAnotherWorksInEndsWithSeventyFiveUntilItsRunHasEnded() throws IOException {
    try (DirectoryLock lock =
        DirectoryLock.acquire(output.toString(), new Configuration(false), "train")) {
      CommandRun refused = train();
      lock.checkHeld();
      assertThat(refused.exitCode()).isEqualTo(75);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err().lines())
          .singleElement()
          .asString()
          .startsWith("Cannot use file:" + output + ": another convoy is at work there (")
          .endsWith("). Wait for it, or choose another with output=…");
      assertThat(output.resolve("config.conf")).doesNotExist();
    }
    CommandRun first = train();
    assertThat(first.exitCode()).isZero();
    assertThat(output.resolve(".lock")).doesNotExist();
    try (DirectoryLock lock =
        DirectoryLock.acquire(output.toString(), new Configuration(false), "train")) {
      CommandRun ended = train();
      lock.checkHeld();
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.out()).isEqualTo(first.out());
      assertThat(train("seed=2", "--overwrite").exitCode()).isEqualTo(75);
      assertThat(output.resolve("model.zip")).exists();
    }
  }

  @Test
  void aMasterThatSparkDoesNotKnowEndsWithTwo() {
    CommandRun result = train("spark.master=nonsense");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("Cannot start Spark with spark.master = nonsense");
    assertNoStackTrace(result);
  }

  @Test
  void aCommandThatIsMissingOrUnknownEndsWithTwo() {
    CommandRun none = run();
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err())
        .startsWith("Cannot understand the command line: expected a command; convoy help lists");
    CommandRun unknown = run("trian", "x.conf");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).startsWith("Cannot understand the command line: ").contains("train");
    CommandRun option = run("train", experiment.toString(), "--overwrit");
    assertThat(option.exitCode()).isEqualTo(2);
    assertThat(option.err()).contains("--overwrit");
    CommandRun noConfiguration = run("train");
    assertThat(noConfiguration.exitCode()).isEqualTo(2);
    assertThat(noConfiguration.err()).contains("expected convoy train CONF");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--epochs 3 | --epochs 3: expected settings as key.path=value, such as training.epochs=3",
        "--lr=0.1 | --lr=0.1: expected settings as key.path=value, such as optimizer.learning-rate=0.1",
        "-e 3 | -e 3: expected settings as key.path=value, such as training.epochs=3",
        "--data-dir /photos | such as data.train=/photos",
        "--gpus 2 | such as spark.conf.spark.executor.resource.gpu.amount=2",
        "--batch_size 8 | such as training.batch-size=8",
        "--seed | --seed: expected settings as key.path=value, such as seed="
      })
  void anOptionOfAnotherToolIsToldAsAKey(String arguments, String message) {
    List<String> all = new ArrayList<>(List.of("train", experiment.toString()));
    all.addAll(List.of(arguments.split(" ")));
    CommandRun result = run(all.toArray(String[]::new));
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines()).singleElement().asString().contains(message);
  }

  @Test
  void theModelOfAWinnerThatWaitsAtARungIsLeft() throws IOException {
    List<String> all = new ArrayList<>(List.of("search", experiment.toString()));
    all.add("output=\"" + output + "\"");
    all.addAll(Experiments.SMALL);
    all.addAll(
        List.of(
            "optimizer.learning-rate={log-uniform=[0.01, 0.02]}",
            "training.epochs=4",
            "search={trials=4, refit=off, metric=validation-accuracy, target=0}",
            "search.early-termination={rule=asha, reduction-factor=2}"));
    Files.createDirectories(output);
    CommandRun first = run(all.toArray(String[]::new));
    assertThat(first.exitCode()).as(first.err()).isZero();
    JsonNode summary = JSON.readTree(first.out()).path("search");
    assertThat(summary.path("status").asText()).isEqualTo("target-reached");
    assertThat(summary.path("trials").path("completed").asInt()).isZero();
    CommandRun evaluated = evaluate(output.resolve("model.zip"));
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();

    all.add("search.target=null");
    CommandRun second = run(all.toArray(String[]::new));
    assertThat(second.exitCode()).as(second.err()).isZero();
    JsonNode trials = JSON.readTree(second.out()).path("search").path("trials");
    assertThat(trials.path("completed").asInt()).as("it goes on to its end").isPositive();
    assertThat(output.resolve("model.zip")).exists();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "evaluate | Usage: convoy evaluate MODEL CONF",
        "prepare | Usage: convoy prepare CONF output=DIR",
        "search | search.early-termination.min-epochs"
      })
  void helpNamesEveryArgument(String command, String line) {
    CommandRun result = run(command, "--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains(line.replace("MODEL CONF", "MODEL|ENSEMBLE CONF"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help", "train --help", "help evaluate", "--version"})
  void helpGoesToStandardOutput(String arguments) {
    CommandRun result = run(arguments.split(" "));
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("convoy");
    assertThat(result.err()).isEmpty();
  }

  private CommandRun train(String... arguments) {
    List<String> all = new ArrayList<>(List.of("train", experiment.toString()));
    all.add("output=\"" + output + "\"");
    all.addAll(Experiments.SMALL);
    all.addAll(List.of(arguments));
    return run(all.toArray(String[]::new));
  }

  private CommandRun evaluate(Path model, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of("evaluate", model.toString(), experiment.toString()));
    all.addAll(Experiments.SMALL);
    all.addAll(List.of(arguments));
    return run(all.toArray(String[]::new));
  }

  private static CommandRun run(String... arguments) {
    return CommandRun.of(List.of(arguments));
  }

  private static void assertNoStackTrace(CommandRun result) {
    assertThat(result.err().lines()).noneMatch(line -> line.matches("\\s+at .*\\(.*\\)"));
  }
}
