package dev.convoy.benchmark.search;

import static dev.convoy.benchmark.report.Table.number;

import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.report.Table;
import dev.convoy.benchmark.search.Parallel.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Findings about the search as text, in columns. */
final class SearchTable {
  private static final double BYTES_OF_A_MEGABYTE = 1e6;

  private SearchTable() {}

  /** All findings. */
  static String of(SearchFindings findings) {
    StringBuilder text = new StringBuilder();
    findings.methods().ifPresent(methods -> text.append(methods(methods)).append('\n'));
    findings.parallel().ifPresent(parallel -> text.append(parallel(parallel)).append('\n'));
    findings.scheduling().ifPresent(measured -> text.append(scheduling(measured)).append('\n'));
    return text.append(Table.columns(Table.targets(findings.targets()))).toString();
  }

  private static String methods(Methods methods) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            String.format(
                Locale.ROOT, "MNIST, %d epochs, seeds 1 to %d", methods.budget(), methods.seeds()),
            "best",
            "quartiles",
            "trials",
            "epochs",
            "share",
            "share <= 1/3"));
    for (Rule rule : methods.searches().keySet()) {
      Measurement best = methods.best(rule);
      rows.add(
          List.of(
              rule.toString(),
              number(best.median(), 4),
              number(best.lowerQuartile(), 4) + " " + number(best.upperQuartile(), 4),
              number(methods.trials(rule).median(), 0),
              number(methods.epochs(rule).median(), 0),
              share(methods.shares(rule).median()),
              String.format(
                  Locale.ROOT, "%d of %d", methods.timesWithinAThird(rule), methods.seeds())));
    }
    return Table.columns(rows)
        + String.format(
            Locale.ROOT,
            "medians; share: of the %d epochs, until as good as random search's best of that seed%n",
            methods.budget());
  }

  private static String share(double share) {
    return Double.isInfinite(share) ? "never" : number(share, 2);
  }

  private static String parallel(Parallel parallel) {
    return Table.columns(
        List.of(
            List.of("quickstart-search on local[2], seconds", "one by one", "two at once", "ratio"),
            row("trials", parallel, Times::trialsSeconds),
            row("trials and report", parallel, Times::searchSeconds),
            row("whole process", parallel, Times::processSeconds)));
  }

  private static List<String> row(String what, Parallel parallel, Function<Times, Double> time) {
    return List.of(
        what,
        Parallel.seconds(parallel.oneByOne(), time).toString(),
        Parallel.seconds(parallel.twoAtOnce(), time).toString(),
        number(parallel.ratio(time), 2));
  }

  private static String scheduling(Scheduling scheduling) {
    Scheduling.Sleeping sleeping = scheduling.sleeping();
    Scheduling.Instant instant = scheduling.instant();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("trials that train nothing", "trials", "ideal s", "found s", "report s"));
    rows.add(
        List.of(
            String.format(
                Locale.ROOT,
                "of %s s, %d at once",
                number(sleeping.trialSeconds(), 0),
                sleeping.parallelTrials()),
            Integer.toString(sleeping.trials()),
            number(sleeping.idealSeconds(), 2),
            number(sleeping.times().searchSeconds(), 2),
            number(sleeping.times().reportSeconds(), 2)));
    rows.add(
        List.of(
            "instant",
            Integer.toString(instant.trials()),
            number(0, 2),
            number(instant.times().searchSeconds(), 2),
            number(instant.times().reportSeconds(), 2)));
    return Table.columns(rows) + heap(instant);
  }

  private static String heap(Scheduling.Instant instant) {
    StringBuilder text = new StringBuilder("heap in use:");
    for (Scheduling.Heap heap : instant.heap()) {
      text.append(
          String.format(
              Locale.ROOT,
              " %.1f MB after %,d,",
              heap.bytes() / BYTES_OF_A_MEGABYTE,
              heap.trials()));
    }
    return text + " " + number(instant.bytesPerTrial(), 0) + " bytes a trial\n";
  }
}
