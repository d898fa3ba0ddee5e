package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code --gpus} on a standalone cluster whose one worker has been told of two GPUs that are not
 * there: Spark hands their addresses out, and Convoy computes on the CPU and says which it was
 * given.
 */
class GpuSchedulingTest {
  private static final Pattern LINE =
      Pattern.compile("task (\\d+) (computes with|has left) GPU (\\S+)");

  private static RunFiles expected;

  @TempDir private Path directory;
  private StandaloneSpark cluster;

  @BeforeAll
  static void trainAlone() {
    expected = Runs.newRun("without-gpus");
    Ended alone = Application.run("train", experiment(), expected.argument());
    assertThat(alone.exitCode()).as(alone.messages()).isZero();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static String experiment() {
    return Runs.experiment("slow-rounds.conf");
  }

  private void start(String... addresses) {
    cluster = new StandaloneSpark(directory, script(addresses), addresses.length);
  }

  private Path script(String... addresses) {
    try {
      Path script = directory.resolve("discover");
      Files.writeString(
          script,
          "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"%s\"]}'\n"
              .formatted(String.join("\", \"", addresses)));
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      return script;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Application submit(int gpus, int cores, RunFiles run, String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", experiment(), run.argument()));
    arguments.addAll(List.of(more));
    return cluster.submit(
        List.of("--gpus", Integer.toString(gpus)),
        "--conf spark.executor.cores=" + cores + " --conf spark.executorEnv.CONVOY_LOG_LEVEL=INFO",
        arguments.toArray(String[]::new));
  }

  @Test
  void oneExecutorPinsItsReplicasToItsAddressesAndNeverTwoToOne() {
    start("0", "1");
    RunFiles run = Runs.newRun("two-gpus");
    try (Application submission = submit(2, 2, run)) {
      Ended ended = submission.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages())
          .contains("computing on the CPU and not on a GPU. executor 0")
          .contains("this machine has no driver of NVIDIA's.");
    }
    assertThat(run.parameters()).isEqualTo(expected.parameters());
    List<Path> logs = logs();
    assertThat(logs).hasSize(1);
    assertThat(addressesOfOneAtATime(logs.get(0))).containsExactly("0", "1");
  }

  @Test
  void executorsOfOneGpuEachHaveDifferentOnesAndASuccessorHasThatOfOneThatWasKilled() {
    start("4", "6");
    RunFiles run = Runs.newRun("killed-gpu");
    try (Application submission = submit(1, 1, run, "training.epochs=1000")) {
      submission.await("tasks on two executors", () -> logs().size() == 2);
      assertThat(addresses()).containsExactlyInAnyOrder("4", "6");
      cluster.executors().findFirst().orElseThrow().destroyForcibly();
      submission.await("tasks on a third executor", () -> logs().size() == 3);
      assertThat(addresses())
          .hasSize(3)
          .contains("4", "6"); // of which one is that of two executors, one after the other
    }
  }

  /** One of each executor. */
  private List<String> addresses() {
    return logs().stream()
        .map(GpuSchedulingTest::addressesOfOneAtATime)
        .peek(addresses -> assertThat(addresses).hasSize(1))
        .flatMap(Set::stream)
        .toList();
  }

  @Test
  void aShareOfAGpuIsSharedByAsManyTasks() {
    start("9");
    RunFiles run = Runs.newRun("shared-gpu");
    try (Application submission =
        submit(1, 2, run, "spark.conf.spark.task.resource.gpu.amount=0.5")) {
      Ended ended = submission.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    assertThat(run.parameters()).isEqualTo(expected.parameters());
    assertThat(mostAtOnce(logs().get(0), "9")).isEqualTo(2);
  }

  @Test
  void whereGpusAreRequiredTheRunEndsWithAReason() {
    start("0", "1");
    RunFiles run = Runs.newRun("required");
    try (Application submission = submit(1, 1, run, "accelerator.gpu=required")) {
      Ended ended = submission.end();
      assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(2);
      assertThat(ended.messages())
          .contains("accelerator.gpu = required: expected a GPU for every worker")
          .contains("this machine has no driver of NVIDIA's.");
    }
  }

  /** What executors have said, each in a file. */
  private List<Path> logs() {
    try (Stream<Path> files = Files.walk(directory.resolve("work-0"))) {
      return files
          .filter(file -> file.endsWith("stderr"))
          .filter(log -> LINE.matcher(read(log)).find())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The addresses that an executor's tasks had, none of which two had at a time. */
  private static Set<String> addressesOfOneAtATime(Path log) {
    Set<String> addresses = new TreeSet<>();
    Matcher line = LINE.matcher(read(log));
    while (line.find()) {
      addresses.add(line.group(3));
    }
    addresses.forEach(address -> assertThat(mostAtOnce(log, address)).as(address).isEqualTo(1));
    return addresses;
  }

  private static int mostAtOnce(Path log, String address) {
    int now = 0;
    int most = 0;
    Matcher line = LINE.matcher(read(log));
    while (line.find()) {
      if (line.group(3).equals(address)) {
        now += line.group(2).equals("has left") ? -1 : 1;
        most = Math.max(most, now);
      }
    }
    return most;
  }
}
