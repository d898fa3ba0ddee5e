package dev.convoy.benchmark.search;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.compare.Application;
import dev.convoy.benchmark.compare.Comparison;
import dev.convoy.benchmark.search.Parallel.Times;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.io.FileUtils;

/**
 * {@code convoy search conf/quickstart-search.conf} on {@code local[2]}, every trial to its end on
 * one thread; one trial after the other in turn with two at once.
 */
final class ParallelComparison {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Application application;
  private final int repetitions;
  private final Path output;
  private final PrintStream progress;

  /**
   * A comparison that is to be run.
   *
   * @param repetitions of both, at least 1
   * @param output the directory of the benchmark
   */
  ParallelComparison(Application application, int repetitions, Path output, PrintStream progress) {
    this.application = application;
    this.repetitions = repetitions;
    this.output = output;
    this.progress = progress;
  }

  /** Runs everything. */
  Parallel run() {
    progress.println("search on local[2], one trial after the other and two at once:");
    Map<Integer, List<Times>> times = Map.of(1, new ArrayList<>(), 2, new ArrayList<>());
    for (int repetition = 0; repetition < repetitions; repetition++) {
      for (int atOnce : Comparison.inTurn(List.of(1, 2), repetition)) {
        Times taken = search(atOnce, repetition);
        times.get(atOnce).add(taken);
        progress.printf(
            Locale.ROOT,
            "  %d at once: trials %.1f s, whole process %.1f s%n",
            atOnce,
            taken.trialsSeconds(),
            taken.processSeconds());
      }
    }
    return new Parallel(times.get(1), times.get(2));
  }

  private Times search(int atOnce, int repetition) {
    String name = String.format(Locale.ROOT, "%d-at-once-%d", atOnce, repetition);
    Path directory = output.resolve("parallel").resolve(name);
    try {
      // A search that is complete would not be repeated.
      FileUtils.deleteDirectory(directory.toFile());
      double processSeconds =
          application.run(
              output.resolve("logs/parallel-" + name + ".log"),
              List.of(
                  "search",
                  application
                      .installation()
                      .home()
                      .resolve("conf/quickstart-search.conf")
                      .toString(),
                  "training.threads-per-worker=1",
                  "training.early-stopping=off",
                  "search.refit=off",
                  "spark.master=\"local[2]\"",
                  "search.parallel-trials=" + atOnce,
                  Application.override("output", directory)));
      double searchSeconds =
          JSON.readTree(directory.resolve("summary.json").toFile())
              .at("/search/seconds")
              .asDouble();
      return new Times(SearchRecord.read(directory).seconds(), searchSeconds, processSeconds);
    } catch (IOException e) {
      throw new BenchmarkException("Cannot measure trials at once: " + e.getMessage(), e);
    }
  }
}
