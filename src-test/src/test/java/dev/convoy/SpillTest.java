package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SpillTest {
  private static final int TRAIN = 22_000;
  private static final long IMAGE_BYTES = TRAIN * 3L * 128 * 128;
  private static final long HEAP_BYTES = 512L << 20;

  @Test
  void imagesOfTwiceTheHeapAreTrainedOnFromDisk() {
    assertThat(IMAGE_BYTES).isGreaterThan(2 * HEAP_BYTES);
    RunFiles run = Runs.newRun("spill");
    long largest = 0;
    try (Application application =
        Application.start(
            "train",
            Runs.experiment("spill.conf"),
            run.argument(),
            "spark.conf.spark.local.dir=" + Runs.newDirectory("scratch"))) {
      while (application.handle().isAlive()) {
        largest = Math.max(largest, spilledBytes(application.handle().pid()));
        pause();
      }
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    assertThat(run.summary().path("examples").path("seen").asInt()).isEqualTo(TRAIN);
    if (Files.isDirectory(Path.of("/proc/self/fd"))) {
      assertThat(largest).as("bytes on disk").isGreaterThan(IMAGE_BYTES / 2);
    }
  }

  /** The size of the spill files, which have no names: only their process can say. */
  private static long spilledBytes(long process) {
    long bytes = 0;
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of("/proc/" + process + "/fd"))) {
      for (Path file : files) {
        bytes += spilledBytes(file);
      }
    } catch (IOException e) {
      // The process has ended, or the system has no /proc.
      return bytes;
    }
    return bytes;
  }

  private static long spilledBytes(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().contains("convoy-shard-")
          ? Files.size(descriptor)
          : 0;
    } catch (IOException e) {
      // Closed in the meantime.
      return 0;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
