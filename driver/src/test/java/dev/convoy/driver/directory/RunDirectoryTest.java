package dev.convoy.driver.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.source.Quarantined;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
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
    RunDirectory directory = RunDirectory.open(configuration, HADOOP, () -> {});
    assertThat(directory.location()).isEqualTo("file:" + output);
    assertThat(ConfigurationReader.readEffective(Files.readString(output.resolve("config.conf"))))
        .isEqualTo(configuration);
    assertThat(directory.latestCheckpoint()).isEmpty();
    assertThat(directory.summary()).isEmpty();
    assertThat(directory.lines(RunDirectory.METRICS)).isEmpty();
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
                + ": expected format 6, found format 1, which another version of Convoy wrote. Go"
                + " on with that version, or begin anew with --overwrite.");
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void damagedCheckpointsDoNotCountAmongThoseToKeep(int keep) throws IOException {
    RunDirectory directory = open("checkpoint.keep=" + keep);
    for (int rounds = 101; rounds <= 100 + keep; rounds++) {
      directory.write(Checkpoints.checkpoint(rounds));
      damage(file(rounds), "flipped");
    }
    assertThat(directory.latestCheckpoint()).isEmpty();
    for (int rounds = 1; rounds <= 5; rounds++) {
      directory.write(Checkpoints.checkpoint(rounds));
      CheckpointFormatTest.assertSame(latest(directory), Checkpoints.checkpoint(rounds));
    }
    assertThat(checkpoints()).filteredOn(file -> file.toString().endsWith(".bin")).hasSize(keep);
    assertThat(checkpoints())
        .filteredOn(file -> file.toString().endsWith(".bin.damaged"))
        .hasSize(keep);
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
    String name = ".checkpoint-000000002.bin." + UUID.randomUUID() + ".tmp";
    Path left = output.resolve("checkpoints").resolve(name);
    Files.writeString(left, "half");
    CheckpointFormatTest.assertSame(latest(directory), Checkpoints.checkpoint(1));
    directory.write(Checkpoints.checkpoint(2));
    CheckpointFormatTest.assertSame(latest(directory), Checkpoints.checkpoint(2));
    assertThat(left).hasContent("half");
    open();
    assertThat(left).doesNotExist();
  }

  @Test
  void aCheckpointThatCannotBeWrittenLeavesTheOneBefore() throws IOException {
    RunDirectory directory = open();
    directory.write(Checkpoints.checkpoint(1));
    // A directory where the file is to be written fails on every file system.
    Files.createDirectories(file(2).resolve("in the way"));
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
    directory.write(RunDirectory.MODEL, out -> out.write(new byte[] {1, 2, 3}));
    List<Path> before = files();
    assertThatThrownBy(
            () ->
                directory.write(
                    RunDirectory.MODEL,
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
    ObjectNode summary = Checkpoints.summaryOf(Experiments.of(output).text());
    Quarantined bad = new Quarantined("a\nb", "ä");
    directory.writeLines(RunDirectory.LABELS, List.of("cat", "größer"));
    directory.writeQuarantine(List.of(bad, bad));
    directory.writeSummary(summary);
    assertThat(output.resolve("labels.txt")).usingCharset(UTF_8).hasContent("cat\ngrößer\n");
    assertThat(output.resolve("quarantine.jsonl"))
        .usingCharset(UTF_8)
        .hasContent("{\"path\":\"a\\nb\",\"reason\":\"ä\",\"crc32c\":\"6403f0a9\"}\n".repeat(2));
    assertThat(Files.readString(output.resolve("summary.json")))
        .startsWith("{\n  \"status\" : \"completed\",\n  \"identity\" : {\n");
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
                + ": expected an empty directory or this run's own, found a different run. Choose"
                + " another with output=…, or throw it away with --overwrite.\n"
                + "  optimizer.clip-norm = null there, 2 here\n"
                + "  training.epochs = 3 there, 4 here");
    assertThat(checkpoints()).hasSize(1);
  }

  @Test
  void manyDifferencesAreCounted() throws IOException {
    open().write(Checkpoints.checkpoint(5));
    assertThatThrownBy(
            () ->
                open(
                    "seed=2",
                    "training.epochs=4",
                    "training.workers=3",
                    "model.name=mlp",
                    "optimizer.clip-norm=2",
                    "data.limit=50",
                    "training.batch-size=7"))
        .isInstanceOf(ConfigurationException.class)
        .satisfies(
            failure ->
                assertThat(((ConfigurationException) failure).problems())
                    .hasSize(1 + 5 + 1)
                    .allMatch(line -> line.length() < 200 && !line.contains("\n"))
                    .contains("  model.name = \"lenet-5\" there, \"mlp\" here")
                    .last()
                    .isEqualTo("  and 2 more"));
  }

  @Test
  void aConfigurationThatIsNoLongerReadIsADifferentRun() throws IOException {
    Files.createDirectories(output);
    Files.writeString(output.resolve("config.conf"), "of-another-version = 3");
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("its config.conf does not fit this version");
    assertThat(output.resolve("config.conf")).hasContent("of-another-version = 3");
  }

  @Test
  void overwritingRemovesWhatConvoyWroteAndNothingElse() throws IOException {
    RunDirectory old = open("training.epochs=3");
    old.write(Checkpoints.checkpoint(5));
    old.writeLines(RunDirectory.LABELS, List.of("a"));
    old.write(RunDirectory.MODEL, out -> out.write(1));
    old.writeSummary(Checkpoints.summaryOf(Experiments.of(output, "training.epochs=3").text()));
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
        .isEqualTo(Experiments.of(output, "training.epochs=4"));
  }

  /** Given for another output, the file would throw away what nobody said could go. */
  @Test
  void whatIsWrittenNeverOverwritesWhenItIsReadAgain() throws IOException {
    RunConfiguration configuration = Experiments.of(output, "overwrite=on");
    RunDirectory.open(configuration, HADOOP, () -> {});
    assertThat(
            ConfigurationReader.readEffective(Files.readString(output.resolve("config.conf")))
                .overwrite())
        .isFalse();
    assertThat(ConfigurationReader.readEffective(configuration.text().full()).overwrite()).isTrue();
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A driver that is killed before it has changed so many files. */
  private static Runnable killedAfter(int changes) {
    AtomicInteger left = new AtomicInteger(changes);
    return () -> {
      if (left.getAndDecrement() <= 0) {
        throw new Killed();
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"the same command", "without overwriting", "the old command"})
  void whereverOverwritingIsKilledTheOldRunIsNeverTakenForTheNewOne(String next)
      throws IOException {
    RunConfiguration then = Experiments.of(output, "training.epochs=3");
    RunConfiguration now = Experiments.of(output, "training.epochs=4", "overwrite=true");
    int changes = 0;
    boolean killed = true;
    while (killed) {
      FileUtils.deleteDirectory(output.toFile());
      try (RunDirectory old = RunDirectory.open(then, HADOOP, () -> {})) {
        old.write(Checkpoints.checkpoint(5));
        old.writeLines(RunDirectory.LABELS, List.of("a"));
        old.write(RunDirectory.MODEL, out -> out.write(1));
        old.writeSummary(Checkpoints.summaryOf(then.text()));
      }
      killed = false;
      try (RunDirectory begun = RunDirectory.open(now, HADOOP, killedAfter(changes))) {
        assertThat(begun.summary()).isEmpty();
      } catch (Killed e) {
        killed = true;
      }
      boolean declared =
          !HeldConfiguration.parse(Files.readString(output.resolve("config.conf")))
              .text()
              .contains("epochs=3");
      switch (next) {
        case "the same command" -> assertBeginsAnew(now, changes);
        case "without overwriting" -> {
          RunConfiguration cautious = Experiments.of(output, "training.epochs=4");
          if (declared) {
            assertBeginsAnew(cautious, changes);
          } else {
            assertThatThrownBy(() -> RunDirectory.open(cautious, HADOOP, () -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("training.epochs = 3 there, 4 here");
          }
        }
        default -> {
          if (declared) {
            assertBeginsAnew(then, changes);
          } else {
            try (RunDirectory directory = RunDirectory.open(then, HADOOP, () -> {})) {
              assertThat(directory.summary()).isPresent();
            }
          }
        }
      }
      changes++;
    }
    assertThat(changes).isGreaterThan(10);
  }

  private void assertBeginsAnew(RunConfiguration run, int changes) {
    try (RunDirectory directory = RunDirectory.open(run, HADOOP, () -> {})) {
      assertThat(directory.summary()).as("killed after %d changes", changes).isEmpty();
      assertThat(directory.latestCheckpoint()).as("after %d changes", changes).isEmpty();
      assertThat(output.resolve("model.zip")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "summary.json",
        "labels.txt",
        "metrics.jsonl",
        "model.zip",
        "trials.jsonl",
        "ensemble.zip",
        "checkpoints/checkpoint-000000001.bin",
        "report.html",
        "best.conf"
      })
  void aFileThatConvoyWouldWriteButDidNotIsRefusedByName(String name) throws IOException {
    Files.createDirectories(output.resolve(name).getParent());
    Files.writeString(output.resolve(name), "{\"status\": \"completed\"}");
    for (String[] overrides : new String[][] {{}, {"overwrite=true"}}) {
      assertThatThrownBy(() -> open(overrides))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "output = "
                  + output
                  + ": expected an empty directory or this run's own, found "
                  + name.replaceAll("/.*", "")
                  + " without the config.conf of a run. Choose another with output=…, or move it"
                  + " away.");
    }
    assertThat(files()).containsExactly(output.resolve(name));
    assertThat(output.resolve(name)).hasContent("{\"status\": \"completed\"}");
  }

  @Test
  void preparedImagesAreRefusedAsWhatTheyAre() throws IOException {
    Files.createDirectories(output.resolve("train"));
    Files.writeString(output.resolve("train/manifest.json"), "{}");
    Files.writeString(output.resolve("quarantine.jsonl"), "");

    assertThatThrownBy(() -> open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("found prepared images. Choose another with output=…; to train on")
        .hasMessageEndingWith("data.format=shards data.train=" + output + "/train.");
  }

  @Test
  void aForeignConfigurationIsRefusedAndNeverOverwritten() throws IOException {
    Files.createDirectories(output);
    String text = Experiments.of(output).text().full();
    Files.writeString(output.resolve("config.conf"), text);
    for (String[] overrides : new String[][] {{}, {"overwrite=true"}}) {
      assertThatThrownBy(() -> open(overrides))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("found a config.conf that this version of Convoy did not write");
    }
    assertThat(output.resolve("config.conf")).hasContent(text);
  }

  @Test
  void aConfigurationThatWasChangedIsRefused() throws IOException {
    open().write(Checkpoints.checkpoint(1));
    Path file = output.resolve("config.conf");
    String changed = Files.readString(file).replace("seed=1", "seed=2");
    Files.writeString(file, changed);
    assertThatThrownBy(() -> open("seed=2"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("found a config.conf that was changed since Convoy wrote it");
    assertThat(file).hasContent(changed);
  }

  @Test
  void aSummaryThatConvoyDidNotWriteIsNotBelieved() throws IOException {
    open().write(Checkpoints.checkpoint(1));
    for (String foreign : List.of("{\"status\": \"completed\"}", "no JSON", "")) {
      Files.writeString(output.resolve("summary.json"), foreign);
      assertThatThrownBy(this::open)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("  summary.json: found one that Convoy did not write");
      assertThat(output.resolve("summary.json")).hasContent(foreign);
    }
    RunDirectory anew = open("overwrite=true");
    assertThat(anew.summary()).isEmpty();
    assertThat(anew.latestCheckpoint()).isEmpty();
  }

  @Test
  void aSummaryOfAnotherConfigurationIsNotBelieved() throws IOException {
    open().writeSummary(Checkpoints.summaryOf(Experiments.of(output, "seed=2").text()));
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("  summary.json: found that of another configuration");
  }

  @Test
  void whatAFailedStartLeftBelongsToWhoeverStartsNext() throws IOException {
    open("training.epochs=3").writeLines(RunDirectory.LABELS, List.of("a"));
    RunDirectory corrected = open("training.epochs=4");
    assertThat(corrected.summary()).isEmpty();
    assertThat(files()).containsExactly(output.resolve("config.conf"));
    MetricsLog.empty(corrected).flush();
    assertThatThrownBy(() -> open("training.epochs=5"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("training.epochs = 4 there, 5 here");
  }

  @Test
  void hiddenFilesAndLostAndFoundAreLeftAlone() throws IOException {
    Files.createDirectories(output.resolve("lost+found"));
    Files.writeString(output.resolve(".DS_Store"), "mine");
    Files.writeString(output.resolve(".lock"), "of a process that is no more");
    assertThatCode(this::open).doesNotThrowAnyException();
    assertThat(files()).contains(output.resolve(".DS_Store"), output.resolve(".lock"));
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
    assertThatThrownBy(() -> RunDirectory.open(Experiments.of(below), HADOOP, () -> {}))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "output = " + below + ": expected a directory that can be written, found: ");
  }

  @Test
  void anUnknownFileSystemIsNamed() throws IOException {
    var configuration = Experiments.of(output, "output=nosuch://host/run");
    assertThatThrownBy(() -> RunDirectory.open(configuration, HADOOP, () -> {}))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "output = nosuch://host/run: expected a directory that can be written, found: No"
                + " FileSystem for scheme \"nosuch\". Choose another with output=…");
  }

  private RunDirectory open(String... overrides) throws IOException {
    return RunDirectory.open(Experiments.of(output, overrides), HADOOP, () -> {});
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
