package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.DirectoryLock.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.local.RawLocalFs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DirectoryLockTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Configuration HADOOP = new Configuration(false);
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(10);
  private static final ProcessIdentity ELSEWHERE =
      new ProcessIdentity("other-host", "nobody another-boot pid:[1]", 4242, "17");

  @TempDir Path temporary;
  private Path output;
  private Path file;

  @BeforeEach
  void chooseOutput() {
    output = temporary.resolve("a run");
    file = output.resolve(".lock");
  }

  @Test
  void theFileSaysWhoHoldsIt() throws IOException {
    try (DirectoryLock lock = DirectoryLock.acquire(output.toString(), HADOOP, "train")) {
      lock.checkHeld();
      JsonNode content = JSON.readTree(file.toFile());
      assertThat(content.path("process").asLong()).isEqualTo(ProcessHandle.current().pid());
      assertThat(content.path("host").asText()).isNotBlank();
      assertThat(content.path("start").asText()).isNotBlank();
      assertThat(content.path("command").asText()).isEqualTo("train");
      assertThat(UUID.fromString(content.path("token").asText())).isNotNull();
      assertThat(Instant.parse(content.path("since").asText())).isBeforeOrEqualTo(Instant.now());
      assertThat(files()).containsExactly(file);
    }
  }

  @Test
  void theSecondIsRefusedUntilTheFirstHasClosed() throws IOException {
    LockHolder first = LockHolder.here("train");
    try (DirectoryLock lock = acquire(first, LONG)) {
      assertThatThrownBy(() -> acquire(LONG))
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessage(
              "Cannot use file:"
                  + output
                  + ": another convoy is at work there ("
                  + first.process().host()
                  + ", process "
                  + ProcessHandle.current().pid()
                  + ", since "
                  + first.since().toString().replaceAll("\\.\\d+Z", "Z")
                  + "). Wait for it, or choose another with output=…");
      lock.checkHeld();
      assertThat(files()).containsExactly(file);
    }
    assertThat(files()).isEmpty();
    acquire(LONG).close();
  }

  @Test
  void aLockThatWasClosedIsHeldNoMore() {
    DirectoryLock lock = acquire(LONG);
    lock.close();
    lock.close();
    assertThatThrownBy(lock::checkHeld)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("file:" + output + " has been given up");
  }

  @Test
  void aProcessThatWasKilledHereIsSucceededAtOnce() throws Exception {
    Process child = new ProcessBuilder("sleep", "60").start();
    ProcessIdentity killed = ProcessIdentity.of(child.pid());
    leave(killed);
    assertThatThrownBy(() -> acquire(LONG)).isInstanceOf(DirectoryInUseException.class);
    child.destroyForcibly().waitFor();
    try (DirectoryLock lock = acquire(LONG)) {
      lock.checkHeld();
    }
  }

  @Test
  void aLockLeftBehindIsRemovedAndNoOther() throws Exception {
    DirectoryLock.removeLeftBehind(output.toString(), HADOOP, "train");
    assertThat(output).doesNotExist();
    Process child = new ProcessBuilder("sleep", "60").start();
    leave(ProcessIdentity.of(child.pid()));
    DirectoryLock.removeLeftBehind(output.toString(), HADOOP, "train");
    assertThat(files()).containsExactly(file);
    Path staged = output.resolve(".lock." + UUID.randomUUID() + ".tmp");
    Files.copy(file, staged);
    DirectoryLock.removeLeftBehind(output.toString(), HADOOP, "train");
    assertThat(files()).as("of a process at work").containsExactlyInAnyOrder(file, staged);
    child.destroyForcibly().waitFor();
    DirectoryLock.removeLeftBehind(output.toString(), HADOOP, "train");
    assertThat(files()).isEmpty();
  }

  @Test
  void whatTheDeadHadStagedIsRemovedByTheNext() throws Exception {
    Process child = new ProcessBuilder("sleep", "60").start();
    leave(ProcessIdentity.of(child.pid()));
    Files.move(file, output.resolve(".lock." + UUID.randomUUID() + ".tmp"));
    child.destroyForcibly().waitFor();
    try (DirectoryLock lock = acquire(LONG)) {
      lock.checkHeld();
      assertThat(files()).containsExactly(file);
    }
  }

  @Test
  void anotherProcessThatWasGivenTheSameIdIsNotTheHolder() throws IOException {
    ProcessIdentity own = ProcessIdentity.own();
    leave(new ProcessIdentity(own.host(), own.system(), own.id(), own.start() + "1"));
    acquire(LONG).close();
  }

  @Test
  void aProcessThatCannotBeSeenFromHereIsBelieved() throws IOException {
    ProcessIdentity own = ProcessIdentity.own();
    List<ProcessIdentity> unseen =
        List.of(
            new ProcessIdentity("other-host", own.system(), own.id(), "17"),
            new ProcessIdentity(own.host(), "another container", own.id(), "17"));
    for (ProcessIdentity process : unseen) {
      leave(process);
      assertThatThrownBy(() -> acquire(LONG))
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessageContaining("(" + process.host() + ", process " + own.id() + ", since ");
    }
  }

  @Test
  void aHolderElsewhereIsSucceededOnceItDoesNotRenewAnyMore() throws IOException {
    leave(ELSEWHERE);
    Duration expiry = Duration.ofSeconds(90);
    age(Duration.ofSeconds(80));
    assertThatThrownBy(() -> acquire(expiry))
        .isInstanceOf(DirectoryInUseException.class)
        .hasMessageContaining("(other-host, process 4242, since 2001-02-03T04:05:06Z)");
    age(Duration.ofSeconds(91));
    acquire(expiry).close();
  }

  @Test
  void aLockFromTheFutureIsNotFresh() throws IOException {
    leave(ELSEWHERE);
    age(LONG.multipliedBy(-2));
    acquire(LONG).close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "{",
        "null",
        "[1, 2]",
        "{\"host\": \"a\", \"process\": \"b\"}",
        "{\"host\": \"two\\nlines\", \"system\": \"\", \"process\": 1, \"start\": \"\","
            + " \"token\": \"7d444840-9dc0-11d1-b245-5ffdce74fad2\", \"command\": \"\","
            + " \"since\": \"2001-02-03T04:05:06Z\"}",
        "{\"host\": \"a\", \"system\": \"\", \"process\": 1, \"start\": \"\", \"token\": \"x\","
            + " \"command\": \"\", \"since\": \"2001-02-03T04:05:06Z\"}"
      })
  void whatCannotBeUnderstoodIsBelievedWhileItIsFresh(String content) throws IOException {
    Files.createDirectories(output);
    Files.writeString(file, content);
    assertThatThrownBy(() -> acquire(LONG))
        .isInstanceOf(DirectoryInUseException.class)
        .hasMessage(
            "Cannot use file:"
                + output
                + ": another convoy is at work there (its .lock does not say which). Wait for it,"
                + " or choose another with output=…");
    assertThat(file).hasContent(content);
    age(LONG.multipliedBy(2));
    acquire(LONG).close();
    assertThat(files()).isEmpty();
  }

  @Test
  void theHolderRenews() throws IOException {
    try (DirectoryLock lock = acquire(LockHolder.here("train"), timing(SHORT, LONG))) {
      age(LONG);
      await(() -> modified().isAfter(Instant.now().minusSeconds(60)));
      Files.writeString(file, "spoilt");
      await(() -> holder().contains("train"));
      Files.delete(file);
      await(() -> Files.exists(file) && holder().contains("train"));
      lock.checkHeld();
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void theHolderIsToldOfASuccessorAndLeavesItsLockAlone() throws IOException {
    try (DirectoryLock lock = acquire(LockHolder.here("train"), timing(SHORT, LONG))) {
      awaitLoss(lock);
      assertThatThrownBy(lock::checkHeld)
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessage(
              "Cannot go on in file:"
                  + output
                  + ": another convoy has taken it over (other-host, process 4242, since"
                  + " 2001-02-03T04:05:06Z), because this one had stood still. Wait for it, or"
                  + " choose another with output=…");
    }
    assertThat(holder()).contains("other-host");
  }

  @Test
  void whoeverHasLostTheLockWritesNothingMoreInTheRunDirectory() throws IOException {
    try (DirectoryLock lock = acquire(LockHolder.here("train"), timing(SHORT, LONG));
        RunDirectory directory =
            RunDirectory.open(Experiments.of(output), HADOOP, lock::checkHeld)) {
      directory.writeLines(RunDirectory.LABELS, List.of("before"));
      awaitLoss(lock);
      assertThatThrownBy(() -> directory.writeLines(RunDirectory.LABELS, List.of("after")))
          .isInstanceOf(DirectoryInUseException.class);
      assertThat(output.resolve("labels.txt")).hasContent("before");
    }
  }

  /** A driver that stands still for longer than its lock lasts, by a clock that the test sets. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDriverThatStoodStillWritesNothingOverItsSuccessorsFiles(boolean successorHasEnded)
      throws IOException {
    AtomicReference<Instant> clock = new AtomicReference<>(Instant.now());
    Timing timing = new Timing(LONG, Duration.ofHours(4), SHORT, clock::get);
    DirectoryLock paused = acquire(LockHolder.here("train"), timing);
    RunDirectory before =
        RunDirectory.open(Experiments.of(output), new Configuration(false), paused::checkHeld);
    before.write(Checkpoints.checkpoint(1));

    clock.set(clock.get().plus(Duration.ofHours(5)));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(5))));
    DirectoryLock successor = acquire(LockHolder.here("train"), timing);
    RunDirectory after =
        RunDirectory.open(Experiments.of(output), new Configuration(false), successor::checkHeld);
    after.write(Checkpoints.checkpoint(2));
    if (successorHasEnded) {
      successor.close();
    }

    List<Path> files = files();
    for (Runnable write :
        List.<Runnable>of(
            () -> before.write(Checkpoints.checkpoint(3)),
            () -> before.writeLines(RunDirectory.LABELS, List.of("a")),
            () -> before.write(RunDirectory.MODEL, out -> out.write(1)),
            before::deleteCheckpoints,
            before::discard)) {
      assertThatThrownBy(write::run)
          .isInstanceOf(DirectoryInUseException.class)
          .hasMessageStartingWith("Cannot go on in file:" + output + ": ");
    }
    assertThat(files()).isEqualTo(files);
    if (!successorHasEnded) {
      after.write(Checkpoints.checkpoint(4));
      successor.close();
    }
    paused.close();
  }

  /** The right is looked at again when all is written, right before it takes effect. */
  @Test
  void whatWasBegunBeforeTheLockWasLostDoesNotTakeEffect() throws IOException {
    AtomicInteger rights = new AtomicInteger(Integer.MAX_VALUE);
    RunDirectory run =
        RunDirectory.open(
            Experiments.of(output),
            new Configuration(false),
            () -> {
              if (rights.getAndDecrement() <= 0) {
                throw new DirectoryInUseException("lost");
              }
            });
    run.write(RunDirectory.MODEL, out -> out.write(1));
    rights.set(1);
    assertThatThrownBy(() -> run.write(RunDirectory.MODEL, out -> out.write(2)))
        .isInstanceOf(DirectoryInUseException.class);
    assertThat(output.resolve("model.zip")).hasBinaryContent(new byte[] {1});
    assertThat(files()).noneMatch(path -> path.toString().endsWith(".tmp"));
  }

  @Test
  void whoWorksThereCanBeSeenWithoutWriting() throws IOException {
    assertThat(DirectoryLock.holder(output.toString(), HADOOP)).isEmpty();
    assertThat(output).doesNotExist();
    try (DirectoryLock lock = acquire(LONG)) {
      lock.checkHeld();
      assertThat(DirectoryLock.holder(output.toString(), HADOOP))
          .get()
          .asString()
          .contains("process " + ProcessHandle.current().pid());
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(5))));
      assertThat(DirectoryLock.holder(output.toString(), HADOOP)).isEmpty();
    }
    assertThat(DirectoryLock.holder(output.toString(), HADOOP)).isEmpty();
  }

  @Test
  void aHolderThatCannotRenewGivesUpWhenOthersMayHaveTakenOver() throws Exception {
    Timing timing = new Timing(SHORT, Duration.ofSeconds(2), SHORT);
    DirectoryLock lock = acquire(LockHolder.here("train"), timing);
    // What cannot be renamed over fails on every file system.
    await(this::isInTheWay);
    await(() -> !isHeld(lock));
    assertThatThrownBy(lock::checkHeld)
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith("Cannot renew the lock in file:" + output + ", and another")
        .hasMessageEndingWith("Mend the cause, then give the same command again to go on.");
    lock.close();
  }

  /** Puts a directory where the file is; a renewal may be quicker. */
  private boolean isInTheWay() {
    try {
      Files.deleteIfExists(file);
      Files.createDirectories(file.resolve("in the way"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "left by a killed process", "expired"})
  void ofManyAtOnceOneSucceeds(String before) throws Exception {
    if (!before.equals("none")) {
      ProcessIdentity own = ProcessIdentity.own();
      leave(
          before.equals("expired")
              ? ELSEWHERE
              : new ProcessIdentity(own.host(), own.system(), own.id(), "17"));
      age(LONG.multipliedBy(before.equals("expired") ? 2 : 0));
    }
    int rivals = 12;
    ExecutorService threads = Executors.newFixedThreadPool(rivals);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<DirectoryLock>> outcomes = new ArrayList<>();
    Timing timing = new Timing(SHORT, LONG, Duration.ofSeconds(1));
    for (int rival = 0; rival < rivals; rival++) {
      outcomes.add(
          threads.submit(
              () -> {
                start.await();
                try {
                  return acquire(LockHolder.here("train"), timing);
                } catch (DirectoryInUseException e) {
                  return null;
                }
              }));
    }
    start.countDown();
    List<DirectoryLock> held = new ArrayList<>();
    for (Future<DirectoryLock> outcome : outcomes) {
      if (outcome.get() != null) {
        held.add(outcome.get());
      }
    }
    threads.shutdown();
    assertThat(held).singleElement().satisfies(DirectoryLock::checkHeld);
    held.forEach(DirectoryLock::close);
    assertThat(files()).isEmpty();
  }

  @Test
  void otherFileSystemsAreLockedThroughHadoopAlone() throws IOException {
    Configuration hadoop = new Configuration(false);
    hadoop.set("fs.file.impl", RawLocalFileSystem.class.getName());
    hadoop.set("fs.AbstractFileSystem.file.impl", RawLocalFs.class.getName());
    assertThat(new RawLocalFileSystem()).isNotInstanceOf(LocalFileSystem.class);
    Timing timing = timing(SHORT, LONG);
    String location = output.toString();
    try (DirectoryLock lock =
        DirectoryLock.acquire(location, hadoop, LockHolder.here("train"), timing)) {
      assertThatThrownBy(() -> DirectoryLock.acquire(location, hadoop, "train"))
          .isInstanceOf(DirectoryInUseException.class);
      age(LONG);
      await(() -> modified().isAfter(Instant.now().minusSeconds(60)));
      lock.checkHeld();
    }
    assertThat(files()).isEmpty();
    leave(ELSEWHERE);
    age(LONG.multipliedBy(2));
    DirectoryLock.acquire(location, hadoop, LockHolder.here("train"), timing).close();
    assertThat(files()).isEmpty();
  }

  @Test
  void overwritingARunLeavesTheLock() throws IOException {
    RunDirectory.open(Experiments.of(output), HADOOP, () -> {}).close();
    try (DirectoryLock lock = acquire(LONG)) {
      RunDirectory.open(Experiments.of(output, "seed=2", "overwrite=true"), HADOOP, () -> {})
          .close();
      assertThat(file).exists();
      lock.checkHeld();
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(output, "a file");
    assertThatThrownBy(() -> acquire(LONG))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "output = "
                + output
                + ": expected a directory that can be written, found: a file is in the way."
                + " Choose another with output=…");
    assertThatThrownBy(() -> DirectoryLock.acquire("nosuch://host/run", HADOOP, "train"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("found: No FileSystem for scheme \"nosuch\".");
  }

  @Test
  void aRunHasEndedOnceItsOwnSummaryIsThere() throws IOException {
    RunConfiguration run = Experiments.of(output);
    assertThat(RunDirectory.ifEnded(run, HADOOP)).isEmpty();
    assertThat(output).doesNotExist();
    try (RunDirectory directory = RunDirectory.open(run, HADOOP, () -> {})) {
      assertThat(RunDirectory.ifEnded(run, HADOOP)).isEmpty();
      directory.writeSummary(Checkpoints.summaryOf(run.text()));
    }
    assertThat(RunDirectory.ifEnded(run, HADOOP)).isPresent();
    assertThat(RunDirectory.ifEnded(Experiments.of(output, "seed=9"), HADOOP)).isEmpty();
    Files.writeString(output.resolve("summary.json"), "{}");
    assertThat(RunDirectory.ifEnded(run, HADOOP)).isEmpty();
    assertThat(RunDirectory.ifEnded(Experiments.of(output, "output=nosuch://host/run"), HADOOP))
        .isEmpty();
  }

  private DirectoryLock acquire(Duration expiry) {
    return acquire(LockHolder.here("train"), expiry);
  }

  private DirectoryLock acquire(LockHolder holder, Duration expiry) {
    return acquire(holder, timing(LONG, expiry));
  }

  private DirectoryLock acquire(LockHolder holder, Timing timing) {
    return DirectoryLock.acquire(output.toString(), HADOOP, holder, timing);
  }

  private static Timing timing(Duration renewal, Duration expiry) {
    return new Timing(renewal, expiry, SHORT);
  }

  /** A lock file as a process that is no more leaves it. */
  private void leave(ProcessIdentity process) throws IOException {
    Files.createDirectories(output);
    Path staged = temporary.resolve("staged");
    Instant since = Instant.parse("2001-02-03T04:05:06.789Z");
    Files.writeString(staged, new LockHolder(process, UUID.randomUUID(), "train", since).toJson());
    Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Takes the lock away; a renewal that was under way may win it back once. */
  private void awaitLoss(DirectoryLock lock) throws IOException {
    for (int attempt = 0; attempt < 1000 && isHeld(lock); attempt++) {
      leave(ELSEWHERE);
      pause(50);
    }
    assertThat(isHeld(lock)).isFalse();
  }

  /** A renewal that is under way may have the file away for a moment. */
  private void age(Duration age) {
    await(
        () -> {
          try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
            return true;
          } catch (IOException e) {
            return false;
          }
        });
  }

  private Instant modified() {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  private String holder() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files.sorted().toList();
    }
  }

  private static boolean isHeld(DirectoryLock lock) {
    try {
      lock.checkHeld();
      return true;
    } catch (DirectoryInUseException | OutputException e) {
      return false;
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      pause(5);
    }
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
