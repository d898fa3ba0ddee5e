package dev.convoy.benchmark.search;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.compare.Application;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code convoy search conf/mnist-search.conf} by every rule and seed, one after the other. A
 * search that has ended is not run again: what was broken off goes on.
 */
final class MethodComparison {
  private static final long BUDGET_EPOCHS = 243;

  private final Application application;
  private final Path data;
  private final int seeds;
  private final Path output;
  private final PrintStream progress;

  /**
   * A comparison that is to be run.
   *
   * @param data directory with MNIST's files
   * @param seeds searches of every rule, at least 1
   * @param output the directory of the benchmark
   */
  MethodComparison(
      Application application, Path data, int seeds, Path output, PrintStream progress) {
    this.application = application;
    this.data = data;
    this.seeds = seeds;
    this.output = output;
    this.progress = progress;
  }

  /** Runs what has not been run yet. */
  Methods run() {
    progress.printf(
        Locale.ROOT,
        "search on MNIST, %d epochs by each rule, seeds 1 to %d:%n",
        BUDGET_EPOCHS,
        seeds);
    Map<Rule, List<SearchRecord>> searches = new EnumMap<>(Rule.class);
    for (int seed = 1; seed <= seeds; seed++) {
      for (Rule rule : Rule.values()) {
        SearchRecord journal = search(rule, seed);
        searches.computeIfAbsent(rule, any -> new ArrayList<>()).add(journal);
        progress.printf(
            Locale.ROOT,
            "  seed %d, %s: %.4f by %d trials in %d epochs%n",
            seed,
            rule,
            journal.best().orElseThrow(),
            journal.trials(),
            journal.epochs());
      }
    }
    return new Methods(BUDGET_EPOCHS, searches);
  }

  private SearchRecord search(Rule rule, int seed) {
    String name = rule.key() + "-" + seed;
    Path directory = output.resolve("methods").resolve(name);
    application.run(
        output.resolve("logs/methods-" + name + ".log"),
        List.of(
            "search",
            application.installation().home().resolve("conf/mnist-search.conf").toString(),
            Application.override("data.train", data),
            "seed=" + seed,
            "search.early-termination=" + rule.key(),
            "search.max-epochs=" + BUDGET_EPOCHS,
            "search.refit=off",
            Application.override("output", directory)));
    SearchRecord journal = SearchRecord.read(directory);
    if (journal.best().isEmpty()) {
      throw new BenchmarkException(
          "Cannot compare ways to search: expected a trial with a validation accuracy, found none in "
              + directory);
    }
    return journal;
  }
}
