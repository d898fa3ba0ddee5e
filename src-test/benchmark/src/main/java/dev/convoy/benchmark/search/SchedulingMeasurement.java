package dev.convoy.benchmark.search;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.search.Scheduling.Heap;
import dev.convoy.benchmark.search.Scheduling.Instant;
import dev.convoy.benchmark.search.Scheduling.Sleeping;
import dev.convoy.driver.search.StubSearch;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import org.apache.commons.io.FileUtils;

/** Searches whose trials train nothing, in this process. */
final class SchedulingMeasurement {
  private static final double BYTES_OF_A_MEGABYTE = 1e6;

  private final Path configuration;
  private final Scale scale;
  private final Path output;
  private final PrintStream progress;

  /**
   * How much is scheduled.
   *
   * @param sleepingTrials that take time; a multiple of those at once
   * @param trialMillis that each of them takes
   * @param instantTrials that take none; a multiple of the trials between looks at the heap
   * @param parallelTrials at once
   * @param heapEvery trials between looks at the heap
   */
  record Scale(
      int sleepingTrials, long trialMillis, int instantTrials, int parallelTrials, int heapEvery) {
    static final Scale USUAL = new Scale(200, 10_000, 5000, 20, 1000);
  }

  /**
   * A measurement that is to be taken.
   *
   * @param configuration an experiment with the space of the trials
   * @param output the directory of the benchmark
   */
  SchedulingMeasurement(Path configuration, Scale scale, Path output, PrintStream progress) {
    this.configuration = configuration;
    this.scale = scale;
    this.output = output;
    this.progress = progress;
  }

  /** Runs everything. */
  Scheduling run() {
    progress.printf(
        Locale.ROOT,
        "%,d trials that take no time, %d at once:%n",
        scale.instantTrials(),
        scale.parallelTrials());
    Instant instant = instant();
    progress.printf(
        Locale.ROOT,
        "%d trials of %.0f s, %d at once:%n",
        scale.sleepingTrials(),
        scale.trialMillis() / 1e3,
        scale.parallelTrials());
    return new Scheduling(sleeping(), instant);
  }

  private Instant instant() {
    StubSearch.Times times = search("instant", scale.instantTrials(), 0, begun -> {});
    progress.printf(Locale.ROOT, "  scheduled in %.1f s%n", times.searchSeconds());
    ConcurrentLinkedQueue<Heap> heap = new ConcurrentLinkedQueue<>();
    search("heap", scale.instantTrials(), 0, begun -> look(begun, heap));
    return new Instant(
        scale.instantTrials(),
        times,
        heap.stream().sorted((a, b) -> Integer.compare(a.trials(), b.trials())).toList());
  }

  private void look(int begun, ConcurrentLinkedQueue<Heap> heap) {
    if (begun % scale.heapEvery() == 0) {
      MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
      memory.gc();
      long bytes = memory.getHeapMemoryUsage().getUsed();
      heap.add(new Heap(begun, bytes));
      progress.printf(
          Locale.ROOT, "  heap after %,d: %.1f MB%n", begun, bytes / BYTES_OF_A_MEGABYTE);
    }
  }

  private Sleeping sleeping() {
    StubSearch.Times times =
        search("sleeping", scale.sleepingTrials(), scale.trialMillis(), this::sayBegun);
    return new Sleeping(
        scale.sleepingTrials(), scale.parallelTrials(), scale.trialMillis() / 1e3, times);
  }

  private void sayBegun(int begun) {
    if (begun % scale.parallelTrials() == 0) {
      progress.printf(Locale.ROOT, "  %d of %d begun%n", begun, scale.sleepingTrials());
    }
  }

  private StubSearch.Times search(String name, int trials, long millis, IntConsumer begun) {
    Path directory = output.resolve("scheduling").resolve(name).toAbsolutePath();
    Path log = output.resolve("logs/scheduling-" + name + ".log");
    try {
      // A search that is complete would not be repeated.
      FileUtils.deleteDirectory(directory.toFile());
      Files.createDirectories(log.getParent());
      try (PrintStream messages =
          new PrintStream(Files.newOutputStream(log), false, StandardCharsets.UTF_8)) {
        return new StubSearch(configuration, directory, trials, scale.parallelTrials(), millis)
            .run(messages, begun);
      }
    } catch (IOException e) {
      throw new BenchmarkException("Cannot measure the scheduling: " + e.getMessage(), e);
    }
  }
}
