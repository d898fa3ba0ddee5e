package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import dev.convoy.SmallDisk;
import dev.convoy.clusters.StandaloneSpark.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standalone cluster, one of whose two machines computes with the instructions of an old
 * processor and has a disk of its own, which can be made small.
 */
class UnequalWorkersTest {
  private static final int FAILED = 1;
  private static final int CONFIGURATION = 2;

  /** 100 MB of decoded images on each of two executors, all of them on disk. */
  private static final String[] SPILLING = {
    "train",
    Runs.experiment("spill.conf"),
    "data.synthetic.train-examples=4000",
    "data.memory-fraction=0.01",
    "accelerator.instruction-set=avx2"
  };

  private static final int TOO_SMALL = 40;
  private static final int LARGE_ENOUGH = 400;

  /** Else the application itself is kept on that disk. */
  private static final String IMAGES_ALONE = "--conf spark.files.useFetchCache=false";

  @TempDir private static Path directory;
  private static StandaloneSpark cluster;
  private static Path disk;

  @BeforeAll
  static void start() throws IOException {
    disk = Files.createDirectories(directory.resolve("disk"));
    Machine other =
        new Machine(
            "localhost",
            List.of(
                "env",
                "DNNL_MAX_CPU_ISA=SSE41",
                "OPENBLAS_CORETYPE=NEHALEM",
                "SPARK_LOCAL_DIRS=" + disk));
    cluster = new StandaloneSpark(directory, Machine.THIS, List.of(Machine.THIS, other));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Ended submit(String options, RunFiles run, String... command) {
    try (Application submission =
        cluster.submit(List.of(), options, with(command, run.argument()))) {
      return submission.end();
    }
  }

  private static String[] with(String[] command, String argument) {
    return Stream.concat(Arrays.stream(command), Stream.of(argument)).toArray(String[]::new);
  }

  private static RunFiles trainedAlone(String... command) {
    RunFiles run = Runs.newRun("alone");
    Ended ended = Application.run(with(command, run.argument()));
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    return run;
  }

  @Test
  void executorsOfDifferentInstructionsAreRefusedUnlessTheyAreHeldToTheSame() {
    String[] command = {"train", Runs.experiment("reference.conf")};
    RunFiles run = Runs.newRun("processors");
    Ended refused = submit("", run, command);
    assertThat(refused.exitCode()).as(refused.messages()).isEqualTo(CONFIGURATION);
    assertThat(refused.complaints())
        .filteredOn(line -> line.startsWith("Cannot train on executors"))
        .singleElement()
        .asString()
        .contains("that compute with different instructions")
        .contains("oneDNN sse41, OpenBLAS Nehalem (executor ")
        .endsWith("Set accelerator.instruction-set = avx2, which all of them have.");

    String[] held = with(command, "accelerator.instruction-set=avx2");
    Ended ended = submit("", run, held);
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(run.parameters()).isEqualTo(trainedAlone(held).parameters());
  }

  @Test
  void aRunOnAnExecutorWhoseDiskIsFullEndsWithASentenceOrGoesOnOnOthers() {
    assumeTrue(SmallDisk.isPossible(), "needs the right to mount a file system of limited size");
    String expected = trainedAlone(SPILLING).parameters();
    try (SmallDisk small = new SmallDisk(disk, TOO_SMALL)) {
      RunFiles onTheOther = Runs.newRun("excluded");
      Ended excluded =
          submit(
              IMAGES_ALONE + " --conf spark.excludeOnFailure.enabled=true", onTheOther, SPILLING);
      assertThat(excluded.exitCode()).as(excluded.messages()).isZero();
      assertThat(onTheOther.parameters()).isEqualTo(expected);

      RunFiles run = Runs.newRun("full");
      Ended full = submit(IMAGES_ALONE, run, SPILLING);
      assertThat(full.exitCode()).as(full.messages()).isEqualTo(FAILED);
      assertThat(full.complaints())
          .anyMatch(
              line ->
                  line.startsWith("Cannot finish the work on executors: ")
                      && line.contains("No space left on device. Make room"));

      small.resize(LARGE_ENOUGH);
      Ended again = submit(IMAGES_ALONE, run, SPILLING);
      assertThat(again.exitCode()).as(again.messages()).isZero();
      assertThat(run.parameters()).isEqualTo(expected);
    }
  }
}
