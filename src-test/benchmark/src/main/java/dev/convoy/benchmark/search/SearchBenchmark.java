package dev.convoy.benchmark.search;

import dev.convoy.benchmark.compare.Application;
import dev.convoy.benchmark.compare.Installation;
import dev.convoy.benchmark.report.Json;
import dev.convoy.benchmark.report.Machine;
import dev.convoy.benchmark.report.Picture;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Measures the search, and reports. */
public final class SearchBenchmark {
  private static final long LIMIT_MINUTES = 60;

  private final Installation installation;
  private final SearchOptions.Choice choice;
  private final int repetitions;
  private final Path output;

  /**
   * A measurement that is to be taken.
   *
   * @param options what was chosen
   * @param repetitions of what is timed and does not take long
   * @param output a directory for searches, messages and reports
   */
  public SearchBenchmark(
      Installation installation, SearchOptions options, int repetitions, Path output) {
    this.installation = installation;
    this.choice = options.choice();
    this.repetitions = repetitions;
    this.output = output;
  }

  /**
   * Measures what was chosen.
   *
   * @param progress what is being done
   * @param table what came of it
   * @throws dev.convoy.benchmark.BenchmarkException if something could not be measured
   * @throws IOException if the reports cannot be written
   */
  public void run(PrintStream progress, PrintStream table) throws IOException {
    SearchFindings findings = new SearchFindings();
    try {
      for (Measure measure : choice.measures()) {
        measure(measure, findings, progress);
      }
    } finally {
      // What was measured before a failure is worth keeping.
      if (!findings.isEmpty()) {
        report(findings, progress, table);
      }
    }
  }

  private void measure(Measure measure, SearchFindings findings, PrintStream progress) {
    Application application = new Application(installation, LIMIT_MINUTES);
    switch (measure) {
      case METHODS -> {
        Path data = choice.data().orElseThrow();
        findings.add(
            new MethodComparison(application, data, choice.seeds(), output, progress).run());
      }
      case PARALLEL ->
          findings.add(new ParallelComparison(application, repetitions, output, progress).run());
      case SCHEDULING -> {
        Path space = installation.home().resolve("conf/quickstart-search.conf");
        findings.add(
            new SchedulingMeasurement(space, SchedulingMeasurement.Scale.USUAL, output, progress)
                .run());
      }
    }
  }

  private void report(SearchFindings findings, PrintStream progress, PrintStream table)
      throws IOException {
    Json.write(output.resolve("search.json"), SearchJson.of(Machine.here(), findings));
    if (findings.methods().isPresent()) {
      Methods methods = findings.methods().get();
      Picture.write(output.resolve("search-methods.png"), () -> MethodsPlot.of(methods), progress);
    }
    table.print(SearchTable.of(findings));
    progress.println("written to " + output);
  }
}
