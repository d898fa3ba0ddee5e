package dev.convoy.benchmark.averaging;

import com.typesafe.config.ConfigFactory;
import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.averaging.AveragingCost.Round;
import dev.convoy.benchmark.compare.Installation;
import dev.convoy.benchmark.report.Json;
import dev.convoy.benchmark.report.Machine;
import dev.convoy.driver.cluster.ExchangedVectors;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.report.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a round costs that trains nothing, on executors of one core each on this machine: seconds,
 * and what the driver and the busiest executor read and write.
 */
public final class AveragingBenchmark {
  private static final List<Integer> USUAL_EXECUTORS = List.of(2, 4, 8, 16);
  private static final List<Integer> FEWER_EXECUTORS = List.of(2, 4);
  private static final int LARGE = 100_000_000;
  private static final int WARM_UP = 2;
  private static final int LEAST_EXAMPLES = 40;

  /** What a JVM takes beside its heap, in MiB. */
  private static final int OVERHEAD = 250;

  private static final int LEAST_HEAP = 600;
  private final Installation installation;
  private final AveragingOptions.Choice choice;
  private final int repetitions;
  private final Path output;

  /**
   * A measurement that is to be taken.
   *
   * @param repetitions rounds that count, after two that do not
   * @param output a directory for the report
   */
  public AveragingBenchmark(
      Installation installation, AveragingOptions options, int repetitions, Path output) {
    this.installation = installation;
    this.choice = options.choice();
    this.repetitions = repetitions;
    this.output = output;
  }

  /**
   * Measures what was chosen, as far as it fits on this machine.
   *
   * @param progress what is being done
   * @param table what came of it
   * @throws IOException if the report cannot be written
   */
  public void run(PrintStream progress, PrintStream table) throws IOException {
    if (System.getenv("SPARK_HOME") == null) {
      throw new BenchmarkException(
          "Cannot start executors: expected SPARK_HOME, as submit-scripts/bench sets it, found none");
    }
    List<AveragingCost> costs = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    try {
      for (int parameters : choice.parameters()) {
        for (int executors : executors(parameters)) {
          for (Way way : choice.ways()) {
            measure(way, parameters, executors, progress, costs, skipped);
          }
        }
      }
    } finally {
      // What was measured before a failure is worth keeping.
      Json.write(
          output.resolve("averaging.json"), AveragingReport.json(Machine.here(), costs, skipped));
      table.print(AveragingReport.table(costs, skipped));
      progress.println("written to " + output);
    }
  }

  private List<Integer> executors(int parameters) {
    if (!choice.executors().isEmpty()) {
      return choice.executors();
    }
    return parameters > LARGE ? FEWER_EXECUTORS : USUAL_EXECUTORS;
  }

  private void measure(
      Way way,
      int parameters,
      int executors,
      PrintStream progress,
      List<AveragingCost> costs,
      List<String> skipped) {
    String what =
        String.format(Locale.ROOT, "%s, %,d parameters, %d executors", way, parameters, executors);
    int heap = heap(way, parameters, executors);
    Optional<String> obstacle =
        choice.executorMemory().isPresent()
            ? Optional.empty()
            : obstacle(way, parameters, executors);
    if (obstacle.isPresent()) {
      skipped.add(what + ": " + obstacle.get());
      progress.println("skipped: " + what + ": " + obstacle.get());
      return;
    }
    progress.println(what + ", heaps of " + heap + " MiB:");
    try {
      AveragingCost cost =
          new AveragingCost(
              way, parameters, executors, heap, rounds(way, parameters, executors, heap));
      costs.add(cost);
      progress.println("  " + AveragingReport.line(cost));
    } catch (RuntimeException e) {
      String failure = "failed: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      skipped.add(what + ": " + failure);
      progress.println("  " + failure);
    }
  }

  private List<Round> rounds(Way way, int parameters, int executors, int heap) {
    RunConfiguration configuration = configuration(way, executors, heap);
    List<Round> measured = new ArrayList<>();
    try (SparkCluster cluster = SparkCluster.start(configuration, Progress.none());
        Rounds rounds = begin(way, cluster, configuration, parameters, executors)) {
      for (int round = 0; round < WARM_UP + repetitions; round++) {
        Traffic executorsBefore = Traffic.ofExecutors();
        Traffic.Bytes driverBefore = Traffic.ofDriver();
        long start = System.nanoTime();
        rounds.next();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (round >= WARM_UP) {
          measured.add(
              new Round(
                  seconds,
                  Traffic.ofDriver().since(driverBefore),
                  Traffic.ofExecutors().busiestSince(executorsBefore)));
        }
      }
      rounds.check();
    }
    return measured;
  }

  private static Rounds begin(
      Way way,
      SparkCluster cluster,
      RunConfiguration configuration,
      int parameters,
      int executors) {
    if (way == Way.DEEPLEARNING4J) {
      return new StockRounds(ExchangedVectors.spark(cluster), executors, parameters);
    }
    ExchangedVectors vectors = new ExchangedVectors(cluster, configuration, parameters, parameters);
    return new Rounds() {
      @Override
      public void next() {
        vectors.round();
      }

      @Override
      public void check() {
        vectors.check();
      }

      @Override
      public void close() {
        vectors.close();
      }
    };
  }

  private RunConfiguration configuration(Way way, int executors, int heap) {
    List<String> overrides = new ArrayList<>(way.settings());
    overrides.addAll(
        List.of(
            "data.image={height=8, width=8, channels=1}",
            "data.validation=null",
            "training.early-stopping=off",
            "model.name=linear", // not used
            text(
                "data.synthetic={train-examples=%d, test-examples=1, classes=2}",
                Math.max(LEAST_EXAMPLES, 2 * executors)),
            text("training.workers=%d", executors),
            text("spark.master=\"local-cluster[%d,1,%d]\"", executors, heap),
            text("spark.conf.spark.executor.memory=%dm", heap),
            text(
                "spark.conf.spark.executor.extraClassPath=\"%s\"", installation.classPath("lib"))));
    WrittenConfiguration written =
        new WrittenConfiguration(ConfigFactory.parseMap(Map.of("name", "averaging")), List.of());
    return ConfigurationReader.of(written.with(overrides));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private int heap(Way way, int parameters, int executors) {
    return choice
        .executorMemory()
        .orElseGet(
            () -> Math.max(LEAST_HEAP, (int) (way.heap(executors) * resultMebibytes(parameters))));
  }

  /** What a worker brings back: parameters, and momentum as long again. */
  private static long resultMebibytes(long parameters) {
    return 1 + ((2 * Float.BYTES * parameters) >> 20);
  }

  /** Why it does not fit on this machine; empty if it does. */
  private Optional<String> obstacle(Way way, int parameters, int executors) {
    long result = resultMebibytes(parameters);
    long most = Runtime.getRuntime().maxMemory() >> 20;
    long driver = OVERHEAD + way.driver() * result;
    if (driver > most) {
      return Optional.of(
          text(
              "expected a heap of at least %,d MiB for the driver, found %,d; set"
                  + " CONVOY_JAVA_OPTIONS=-Xmx%dm",
              driver, most, driver));
    }
    long each = heap(way, parameters, executors) + OVERHEAD + way.beside() * result;
    long needed = executors * each + driver;
    long available = availableMebibytes();
    return needed <= available
        ? Optional.empty()
        : Optional.of(
            text(
                "expected %,d MiB of memory (%d executors of %,d, and the driver's %,d), found %,d;"
                    + " --executor-memory=MIB tries all the same",
                needed, executors, each, driver, available));
  }

  /** What Linux would give to processes that ask for it. */
  private static long availableMebibytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemAvailable:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
        }
      }
    } catch (IOException e) {
      return Long.MAX_VALUE; // not Linux: nobody can tell
    }
    return Long.MAX_VALUE;
  }
}
