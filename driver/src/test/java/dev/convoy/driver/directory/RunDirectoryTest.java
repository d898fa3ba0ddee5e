package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {
  private static final Configuration HADOOP = new Configuration(false);

  @TempDir Path temporary;
  private Path output;

  @BeforeEach
  void chooseOutput() {
    output = temporary.resolve("a run");
  }

  @Test
  void openingCreatesTheDirectoryWithTheEffectiveConfiguration() throws IOException {
    var configuration = Experiments.of(output, "training.epochs=3");
    RunDirectory directory = RunDirectory.open(configuration, HADOOP);
    assertThat(directory.location()).isEqualTo("file:" + output);
    assertThat(ConfigurationReader.readEffective(Files.readString(output.resolve("config.conf"))))
        .isEqualTo(configuration);
    assertThat(directory.latestCheckpoint()).isEmpty();
    assertThat(directory.summary()).isEmpty();
    assertThat(directory.metrics()).isEmpty();
  }

  @Test
  void theLatestCheckpointIsTheOneOfTheMostRounds() throws IOException {
    RunDirectory directory = open("checkpoint.keep=10");
    for (int rounds : new int[] {9, 10, 2, 100}) {
      directory.write(Checkpoints.checkpoint(rounds));
    }
    CheckpointFormatTest.assertSame(latest(directory), Checkpoints.checkpoint(100));
    CheckpointFormatTest.assertSame(
        latest(open("checkpoint.keep=10")), Checkpoints.checkpoint(100));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void onlySoManyCheckpointsAreKept(int keep) throws IOException {
    RunDirectory directory = open("checkpoint.keep=" + keep);
    for (int rounds = 1; rounds <= 7; rounds++) {
      directory.write(Checkpoints.checkpoint(rounds));
      assertThat(checkpoints()).hasSize(Math.min(keep, rounds)).last().isEqualTo(file(rounds));
    }
    assertThat(checkpoints().get(0)).isEqualTo(file(8 - keep));
  }

  @ParameterizedTest
  @ValueSource(strings = {"flipped", "truncated", "empty", "garbage"})
  void aDamagedCheckpointIsPassedOverForTheOneBefore(String damage) throws IOException {
    RunDirectory directory = open("checkpoint.keep=3");
    for (int rounds = 1; rounds <= 3; rounds++) {
      directory.write(Checkpoints.checkpoint(rounds));
    }
    damage(file(3), damage);
    CheckpointFormatTest.assertSame(latest(directory), Checkpoints.checkpoint(2));
    damage(file(2), damage);
    CheckpointFormatTest.assertSame(latest(directory), Checkpoints.checkpoint(1));
    damage(file(1), damage);
    assertThat(directory.latestCheckpoint()).isEmpty();
  }

  @Test
  void aCheckpointOfAnotherFormatIsRefusedByName() throws IOException {
    RunDirectory directory = open();
    directory.write(Checkpoints.checkpoint(3));
    Files.write(file(3), CheckpointFormatTest.ofFormat(Files.readAllBytes(file(3)), 1));
    assertThatThrownBy(directory::latestCheckpoint)
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "Cannot go on from file:"
                + file(3)
                + ": expected format 2, found format 1, which another version of Convoy wrote. Go on"
                + " with that version, or begin anew with --overwrite.");
    assertThat(checkpoints()).containsExactly(file(3));
  }

  /** Locales with digits, a calendar or capital letters of their own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "fa-IR-u-nu-arabext",
        "ar-EG-u-nu-arab",
        "hi-IN-u-nu-deva",
        "th-TH-u-ca-buddhist-nu-thai",
        "tr-TR"
      })
  void checkpointsAreNamedAndFoundAndRemovedAlikeInEveryLocale(String locale) throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(locale));
    try {
      RunDirectory directory = open("checkpoint.keep=2");
      for (int rounds = 1; rounds <= 3; rounds++) {
        directory.write(Checkpoints.checkpoint(rounds));
      }
      assertThat(checkpoints())
          .extracting(file -> file.getFileName().toString())
          .containsExactly("checkpoint-000000002.bin", "checkpoint-000000003.bin");
      CheckpointFormatTest.assertSame(latest(open("checkpoint.keep=2")), Checkpoints.checkpoint(3));
    } finally {
      Locale.setDefault(before);
    }
  }

  private static void damage(Path file, String damage) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    byte[] damaged =
        switch (damage) {
          case "flipped" -> {
            bytes[bytes.length / 2] ^= 4;
            yield bytes;
          }
          case "truncated" -> Arrays.copyOf(bytes, bytes.length - 100);
          case "empty" -> new byte[0];
          default -> "no checkpoint at all".getBytes(StandardCharsets.US_ASCII);
        };
    Files.write(file, damaged);
  }

  @Test
  void aCheckpointLeftHalfWrittenByAKilledDriverIsNotSeen() throws IOException {
    RunDirectory directory = open();
    directory.write(Checkpoints.checkpoint(1));
    Files.writeString(output.resolve("checkpoints/.checkpoint-000000002.bin.tmp"), "half");
    CheckpointFormatTest.assertSame(latest(directory), Checkpoints.checkpoint(1));
    directory.write(Checkpoints.checkpoint(2));
    CheckpointFormatTest.assertSame(latest(directory), Checkpoints.checkpoint(2));
    assertThat(output.resolve("checkpoints/.checkpoint-000000002.bin.tmp")).doesNotExist();
  }

  @Test
  void aCheckpointThatCannotBeWrittenLeavesTheOneBefore() throws IOException {
    RunDirectory directory = open();
    directory.write(Checkpoints.checkpoint(1));
    // A directory where the file is to be written fails on every file system.
    Files.createDirectories(output.resolve("checkpoints/.checkpoint-000000002.bin.tmp/in the way"));
    assertThatThrownBy(() -> directory.write(Checkpoints.checkpoint(2)))
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith("Cannot write a checkpoint in file:" + output + ": ")
        .hasMessageEndingWith(
            ". What was written before is intact: make room or mend the cause, then give the same"
                + " command again to go on.");
    CheckpointFormatTest.assertSame(latest(directory), Checkpoints.checkpoint(1));
  }

  @Test
  void aFileThatFailsHalfwayLeavesTheOneBeforeAndNothingElse() throws IOException {
    RunDirectory directory = open();
    directory.writeModel(out -> out.write(new byte[] {1, 2, 3}));
    List<Path> before = files();
    assertThatThrownBy(
            () ->
                directory.writeModel(
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("the disk is full");
                    }))
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith(
            "Cannot write model.zip in file:" + output + ": the disk is full. ");
    assertThat(output.resolve("model.zip")).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void labelsQuarantineSummaryAndModelAreWhatWasWritten() throws IOException {
    RunDirectory directory = open();
    ObjectNode summary = JsonNodeFactory.instance.objectNode().put("status", "completed");
    ObjectNode bad = JsonNodeFactory.instance.objectNode().put("path", "a\nb").put("reason", "ä");
    directory.writeLabels(List.of("cat", "größer"));
    directory.writeQuarantine(List.of(bad, bad));
    directory.writeSummary(summary);
    assertThat(output.resolve("labels.txt")).hasContent("cat\ngrößer\n");
    assertThat(output.resolve("quarantine.jsonl"))
        .hasContent("{\"path\":\"a\\nb\",\"reason\":\"ä\"}\n".repeat(2));
    assertThat(output.resolve("summary.json")).hasContent("{\n  \"status\" : \"completed\"\n}\n");
    assertThat(open().summary()).contains(summary);
  }

  @Test
  void theSameRunIsOpenedAgainWithWhatDoesNotChangeTheResult() throws IOException {
    open().write(Checkpoints.checkpoint(5));
    RunDirectory again =
        open("name=other", "checkpoint.keep=7", "training.max-minutes=3", "spark.master=yarn");
    CheckpointFormatTest.assertSame(latest(again), Checkpoints.checkpoint(5));
  }

  @Test
  void aDifferentRunIsRefusedWithTheKeysThatDiffer() throws IOException {
    open("training.epochs=3").write(Checkpoints.checkpoint(5));
    assertThatThrownBy(() -> open("training.epochs=4", "optimizer.clip-norm=2"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "output = "
                + output
                + ": expected an empty directory or this run's own, found a different run"
                + " (optimizer.clip-norm = null there, 2 here; training.epochs = 3 there, 4 here)."
                + " Choose another with output=…, or throw it away with --overwrite.");
    assertThat(checkpoints()).hasSize(1);
  }

  @Test
  void manyDifferencesAreCounted() throws IOException {
    open();
    assertThatThrownBy(
            () -> open("seed=2", "training.epochs=4", "training.workers=3", "model.name=mlp"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "(model.name = \"lenet-5\" there, \"mlp\" here; seed = 1 there, 2 here;"
                + " training.epochs = 10 there, 4 here; and 1 more)");
  }

  @Test
  void aConfigurationThatIsNoLongerReadIsADifferentRun() throws IOException {
    Files.createDirectories(output);
    Files.writeString(output.resolve("config.conf"), "of-another-version = 3");
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("its config.conf does not fit this version");
  }

  @Test
  void overwritingRemovesWhatConvoyWroteAndNothingElse() throws IOException {
    RunDirectory old = open("training.epochs=3");
    old.write(Checkpoints.checkpoint(5));
    old.writeLabels(List.of("a"));
    old.writeModel(out -> out.write(1));
    old.writeSummary(JsonNodeFactory.instance.objectNode());
    MetricsLog.empty(old).flush();
    Files.writeString(output.resolve("notes.txt"), "mine");
    Files.createDirectories(output.resolve("plots"));
    Files.writeString(output.resolve("plots/loss.png"), "mine too");

    RunDirectory begun = open("training.epochs=4", "overwrite=true");

    assertThat(begun.latestCheckpoint()).isEmpty();
    assertThat(begun.summary()).isEmpty();
    assertThat(files())
        .containsExactlyInAnyOrder(
            output.resolve("config.conf"),
            output.resolve("notes.txt"),
            output.resolve("plots/loss.png"));
    assertThat(ConfigurationReader.readEffective(Files.readString(output.resolve("config.conf"))))
        .isEqualTo(Experiments.of(output, "training.epochs=4", "overwrite=true"));
  }

  @Test
  void overwritingTheSameRunGoesOnWithIt() throws IOException {
    open().write(Checkpoints.checkpoint(5));
    assertThat(open("overwrite=true").latestCheckpoint()).isPresent();
  }

  @Test
  void aDirectoryOfSomethingElseIsNotEmptied() throws IOException {
    Files.createDirectories(output);
    Files.writeString(output.resolve("notes.txt"), "mine");
    assertThatCode(this::open).doesNotThrowAnyException();
    assertThat(output.resolve("notes.txt")).hasContent("mine");
  }

  @Test
  void aFileInTheWayIsNamed() throws IOException {
    Files.writeString(output, "a file");
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "output = "
                + output
                + ": expected a directory that can be written, found: a file is in the way."
                + " Choose another with output=…");
    assertThat(output).hasContent("a file");
  }

  @Test
  void aFileInTheWayOfAParentIsNamed() throws IOException {
    Files.writeString(output, "a file");
    Path below = output.resolve("below");
    assertThatThrownBy(() -> RunDirectory.open(Experiments.of(below), HADOOP))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "output = " + below + ": expected a directory that can be written, found: ");
  }

  @Test
  void anUnknownFileSystemIsNamed() throws IOException {
    var configuration = Experiments.of(output, "output=nosuch://host/run");
    assertThatThrownBy(() -> RunDirectory.open(configuration, HADOOP))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "output = nosuch://host/run: expected a directory that can be written, found: No"
                + " FileSystem for scheme \"nosuch\". Choose another with output=…");
  }

  private RunDirectory open(String... overrides) throws IOException {
    return RunDirectory.open(Experiments.of(output, overrides), HADOOP);
  }

  private static Checkpoint latest(RunDirectory directory) {
    return directory.latestCheckpoint().orElseThrow();
  }

  private Path file(int rounds) {
    return output.resolve(String.format(Locale.ROOT, "checkpoints/checkpoint-%09d.bin", rounds));
  }

  private List<Path> checkpoints() throws IOException {
    try (Stream<Path> files = Files.list(output.resolve("checkpoints"))) {
      return files.sorted().toList();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
