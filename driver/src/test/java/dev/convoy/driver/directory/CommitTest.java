package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.driver.Experiments;
import dev.convoy.driver.directory.OtherFileSystem.KilledError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CommitTest {
  private static final String OLD = "what was there";
  private static final String NEW = "what is to be there, which is longer";
  private static final int MORE_CHANGES_THAN_A_WRITE_TAKES = 20;

  @TempDir Path temporary;
  private Path directory;

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createDirectory(temporary.resolve("a directory"));
  }

  private org.apache.hadoop.fs.Path path(String scheme, String name) {
    return new org.apache.hadoop.fs.Path(scheme, null, directory.resolve(name).toString());
  }

  private static void write(FileSystem files, org.apache.hadoop.fs.Path target, String text)
      throws IOException {
    new AtomicFiles(files, files.getConf())
        .write(
            target,
            out -> {
              byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
              out.write(bytes, 0, bytes.length / 2);
              out.flush();
              if (files instanceof OtherFileSystem other) {
                other.change();
              }
              out.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
            });
  }

  private FileSystem files(String scheme, Configuration hadoop) throws IOException {
    return FileSystem.newInstance(path(scheme, "x").toUri(), hadoop);
  }

  private FileSystem files(String scheme) throws IOException {
    return files(scheme, OtherFileSystem.configuration());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"file, RenameCommit", "objects, UploadCommit", "shared, SetAsideCommit"})
  void whatAFileSystemCanDoDecides(String scheme, String commit) throws IOException {
    FileSystem files = files(scheme);
    assertThat(Commit.of(files, path(scheme, "x"), files.getConf()).getClass().getSimpleName())
        .isEqualTo(commit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "objects", "shared"})
  void aFileIsWrittenAndReplacedAndNothingElseIsLeft(String scheme) throws IOException {
    FileSystem files = files(scheme);
    write(files, path(scheme, "a file"), OLD);
    assertThat(directory.resolve("a file")).hasContent(OLD);
    write(files, path(scheme, "a file"), NEW);
    assertThat(directory.resolve("a file")).hasContent(NEW);
    assertThat(names()).containsExactly("a file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "objects", "shared"})
  void aFailureLeavesTheFileAsItWasAndNothingElse(String scheme) throws IOException {
    FileSystem files = files(scheme);
    AtomicFiles atomic = new AtomicFiles(files, files.getConf());
    write(files, path(scheme, "a file"), OLD);
    for (String name : List.of("a file", "another")) {
      assertThatThrownBy(
              () ->
                  atomic.write(
                      path(scheme, name),
                      out -> {
                        out.write(1);
                        throw new IOException("the network is gone");
                      }))
          .hasMessage("the network is gone");
      assertThatThrownBy(
              () ->
                  atomic.write(
                      path(scheme, name),
                      out -> out.write(1),
                      () -> {
                        throw new IllegalStateException("the lock is lost");
                      }))
          .hasMessage("the lock is lost");
      assertThatThrownBy(
              () ->
                  atomic.stage(
                      path(scheme, name + " staged"),
                      out -> {
                        throw new IllegalStateException("no image");
                      }))
          .hasMessage("no image");
    }
    assertThat(names()).containsExactly("a file");
    assertThat(directory.resolve("a file")).hasContent(OLD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"objects", "shared"})
  void killedAtAnyMomentTheFileIsTheOldOneOrTheNew(String scheme) throws IOException {
    int kills = 0;
    for (int changes = 0; changes < MORE_CHANGES_THAN_A_WRITE_TAKES; changes++) {
      write(files(scheme), path(scheme, "a file"), OLD);
      try {
        write(files(scheme, OtherFileSystem.killedAfter(changes)), path(scheme, "a file"), NEW);
        assertThat(directory.resolve("a file")).hasContent(NEW);
      } catch (KilledError e) {
        kills++;
      }
      new AtomicFiles(files(scheme), OtherFileSystem.configuration())
          .recover(path(scheme, "x").getParent());
      assertThat(Files.readString(directory.resolve("a file")))
          .as("after %d changes", changes)
          .isIn(OLD, NEW);
    }
    assertThat(kills).isBetween(2, MORE_CHANGES_THAN_A_WRITE_TAKES - 1);
  }

  /** The store has done what it was asked to do, and says when it is asked again that it cannot. */
  @Test
  void anUploadWhoseLastAnswerWasLostCountsIfItIsThere() throws IOException {
    write(files("objects", OtherFileSystem.losingAnswers(false)), path("objects", "a file"), OLD);
    assertThat(directory.resolve("a file")).hasContent(OLD);
    write(files("objects", OtherFileSystem.losingAnswers(false)), path("objects", "a file"), NEW);
    assertThat(directory.resolve("a file")).hasContent(NEW);
    for (String name : List.of("a file", "another")) {
      assertThatThrownBy(
              () ->
                  write(
                      files("objects", OtherFileSystem.losingAnswers(true)),
                      path("objects", name),
                      NEW.toUpperCase(Locale.ROOT)))
          .hasMessage("no such upload");
    }
    assertThat(directory.resolve("a file")).hasContent(NEW);
    assertThat(names()).containsExactly("a file");
  }

  /** A part of prepared images: its name is free, or that of an attempt that nobody reads. */
  @ParameterizedTest
  @ValueSource(strings = {"file", "objects", "shared"})
  void aStagedFileIsGivenItsName(String scheme) throws IOException {
    FileSystem files = files(scheme);
    AtomicFiles atomic = new AtomicFiles(files, files.getConf());
    for (int attempt = 1; attempt <= 2; attempt++) {
      byte[] content = {(byte) attempt};
      atomic.stage(path(scheme, "staged"), out -> out.write(content));
      atomic.name(path(scheme, "staged"), path(scheme, "part"));
      assertThat(names()).containsExactly("part");
      assertThat(directory.resolve("part")).hasBinaryContent(content);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"objects", "shared"})
  void aRunGoesOnFromWhatAKilledOneHasWritten(String scheme) throws IOException {
    String output = path(scheme, "run").toString();
    int kills = 0;
    for (int changes = 0; changes < MORE_CHANGES_THAN_A_WRITE_TAKES; changes++) {
      Configuration killed = OtherFileSystem.killedAfter(changes);
      try (RunDirectory run =
          RunDirectory.open(Experiments.of(temporary, output(output)), killed, () -> {})) {
        run.write(Checkpoints.checkpoint(1));
        run.writeLines(RunDirectory.LABELS, List.of("cat", "dog"));
        run.write(Checkpoints.checkpoint(2));
      } catch (KilledError e) {
        kills++;
      }
    }
    assertThat(kills).isGreaterThan(2);
    Configuration hadoop = OtherFileSystem.configuration();
    try (RunDirectory run =
        RunDirectory.open(Experiments.of(temporary, output(output)), hadoop, () -> {})) {
      run.write(Checkpoints.checkpoint(3));
      CheckpointFormatTest.assertSame(
          run.latestCheckpoint().orElseThrow(), Checkpoints.checkpoint(3));
      assertThat(run.lines(RunDirectory.LABELS)).containsExactly("cat", "dog");
    }
    try (Stream<Path> all = Files.walk(directory)) {
      assertThat(all.map(Path::toString))
          .noneMatch(name -> name.endsWith(".tmp") || name.endsWith(".previous"));
    }
  }

  private static String output(String location) {
    return "output=\"" + location + "\"";
  }

  @ParameterizedTest
  @ValueSource(strings = {"objects", "shared"})
  void oneProcessAtATimeWorksInADirectory(String scheme) throws IOException {
    Configuration hadoop = OtherFileSystem.configuration();
    String output = path(scheme, "run").toString();
    DirectoryLock.Timing timing =
        new DirectoryLock.Timing(Duration.ofMillis(1), Duration.ofHours(1), Duration.ofMillis(10));
    try (DirectoryLock lock =
        DirectoryLock.acquire(output, hadoop, LockHolder.here("train"), timing)) {
      for (int attempt = 0; attempt < 20; attempt++) {
        assertThatThrownBy(
                () -> DirectoryLock.acquire(output, hadoop, LockHolder.here("train"), timing))
            .isInstanceOf(DirectoryInUseException.class);
        lock.checkHeld();
      }
    }
    DirectoryLock.acquire(output, hadoop, LockHolder.here("train"), timing).close();
    try (Stream<Path> left = Files.list(directory.resolve("run"))) {
      assertThat(left).isEmpty();
    }
  }

  /** Only what was read can be damaged; a store that is slow or gone comes back. */
  @Test
  void aCheckpointThatAStoreDoesNotGiveIsNotTakenForDamaged() throws IOException {
    Path output = temporary.resolve("run");
    try (RunDirectory run =
        RunDirectory.open(Experiments.of(output), new Configuration(false), () -> {})) {
      run.write(Checkpoints.checkpoint(1));
    }
    for (boolean opens : new boolean[] {false, true}) {
      Configuration hadoop = new Configuration(false);
      hadoop.setClass("fs.file.impl", SilentFileSystem.class, FileSystem.class);
      hadoop.setBoolean("test.opens", opens);
      try (RunDirectory run = RunDirectory.open(Experiments.of(output), hadoop, () -> {})) {
        assertThatThrownBy(run::latestCheckpoint)
            .isInstanceOf(OutputException.class)
            .hasMessageContaining("the file system does not give checkpoint-000000001.bin")
            .hasMessageContaining("503 Slow Down");
      }
    }
    try (RunDirectory run =
        RunDirectory.open(Experiments.of(output), new Configuration(false), () -> {})) {
      assertThat(run.latestCheckpoint()).isPresent();
    }
  }
}
