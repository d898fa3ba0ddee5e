package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadConfigurationTest {
  private static final int CONFIGURATION = 2;
  private static final String EXPERIMENT = Runs.experiment("folder.conf");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.batch-sise=8 | training.batch-sise: unknown key; did you mean training.batch-size?",
        "optimizer.learning-rat=1 | did you mean optimizer.learning-rate?",
        "training.batch-size=0 | training.batch-size = 0: expected a whole number from 1",
        "training.batch-size=eight | training.batch-size = eight: expected a whole number from 1",
        "training.epochs=2.5 | training.epochs = 2.5: expected a whole number",
        "training.workers=[2] | training.workers = [2]: expected a whole number",
        "optimizer.learning-rate=-1 | optimizer.learning-rate = -1: expected a number above 0",
        "checkpoint.every=often | checkpoint.every = often: expected a whole number and a unit",
        "data.image=big | data.image = big: expected an object",
        "data.format=tiff | data.format = tiff: expected one of auto, cifar10-binary, idx",
        "model.name=transformer | model.name = transformer: expected one of",
        "overwrite=perhaps | overwrite = perhaps: expected on or off",
        "seed=1.5 | seed = 1.5: expected a whole number of 64 bits",
        "data.validation=1.5 | data.validation = 1.5: expected a fraction in (0, 1)"
      })
  void aValueThatDoesNotFitIsNamedWithWhatWasExpected(String override, String message) {
    Ended ended = train(override);
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints()).singleElement().asString().contains(message, "command line");
  }

  @Test
  void everyProblemIsReportedAtOnceOnALineOfItsOwn() {
    Ended ended =
        train("training.batch-size=0", "training.epoch=3", "optimizer.name=adamm", "seed=x");
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints())
        .hasSize(4)
        .anyMatch(line -> line.startsWith("training.batch-size = 0: expected"))
        .anyMatch(line -> line.contains("did you mean training.epochs?"))
        .anyMatch(
            line ->
                line.startsWith("optimizer.name = adamm: expected one of ")
                    && line.contains("did you mean adam?"))
        .anyMatch(line -> line.startsWith("seed = x: expected"));
  }

  @Test
  void anExperimentThatIsNotThereIsNamed() {
    Path missing = directory.resolve("missing.conf");
    assertComplaint(
        Command.run("train", missing.toString()), "Cannot read the configuration " + missing);
  }

  @Test
  void anExperimentThatIsNoHoconIsNamedWithTheLine() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.conf"), "name = a\ndata { format = ");
    Ended ended = Command.run("train", broken.toString());
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints())
        .containsExactly(
            "Cannot read the configuration " + broken + ": line 2: format has no value after the =",
            "Cannot read the configuration "
                + broken
                + ": line 2: the { of data is never closed: a } is missing");
  }

  @Test
  void anUnknownCommandIsAUsageError() {
    Ended ended = Command.run("trian");
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(CONFIGURATION);
    assertThat(ended.messages())
        .contains("trian", "train", "convoy help")
        .doesNotContain("Exception", "\tat ");
  }

  @Test
  void aCommandWithoutItsConfigurationIsAUsageError() {
    assertComplaint(Command.run("train"), "convoy train CONF");
  }

  @Test
  void anOutputWithAFileInTheWayIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    assertComplaint(train("output=" + file), "output = " + file);
    assertComplaint(train("output=" + file + "/below"), "output = " + file + "/below");
    assertThat(file).hasContent("precious");
  }

  @Test
  void theOutputOfADifferentRunIsKeptUnlessToldToOverwrite() throws IOException {
    Path images = ImageFolders.good(directory.resolve("images"));
    RunFiles run = new RunFiles(directory.resolve("run"));
    assertThat(run(run.argument(), "data.train=" + images).exitCode()).isZero();
    String before = run.parameters();

    Ended refused = run(run.argument(), "data.train=" + images, "seed=2");
    assertThat(refused.exitCode()).as(refused.messages()).isEqualTo(CONFIGURATION);
    assertThat(refused.complaints()).as("a line for each key that differs").hasSize(2);
    assertThat(refused.complaints().get(0))
        .contains("output = " + run.directory(), "--overwrite")
        .doesNotContain("Exception");
    assertThat(refused.complaints().get(1)).isEqualTo("  seed = 1 there, 2 here");
    assertThat(run.parameters()).isEqualTo(before);

    Ended overwritten =
        run("--overwrite", run.argument(), "data.train=" + images, "seed=2", "training.epochs=2");
    assertThat(overwritten.exitCode()).as(overwritten.messages()).isZero();
    assertThat(run.summary().path("epochs").asInt()).isEqualTo(2);
    assertThat(run.parameters()).isNotEqualTo(before);
  }

  private Ended train(String... overrides) {
    String[] arguments = new String[overrides.length + 1];
    arguments[0] = "data.train=" + directory;
    System.arraycopy(overrides, 0, arguments, 1, overrides.length);
    return run(arguments);
  }

  private static Ended run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "train";
    all[1] = EXPERIMENT;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Command.run(all);
  }

  private static void assertComplaint(Ended ended, String... parts) {
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(CONFIGURATION);
    assertThat(ended.complaints())
        .singleElement()
        .asString()
        .contains(parts)
        .doesNotContain("Exception");
  }
}
