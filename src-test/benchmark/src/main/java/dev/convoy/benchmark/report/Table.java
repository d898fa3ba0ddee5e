package dev.convoy.benchmark.report;

import dev.convoy.benchmark.compare.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Results as text, in columns. */
public final class Table {
  private Table() {}

  /** All results. */
  public static String of(Results results) {
    StringBuilder text = new StringBuilder();
    if (!results.entries().isEmpty()) {
      text.append(columns(speeds(results))).append('\n');
    }
    results
        .skipped()
        .forEach((peer, reason) -> text.append("skipped: %s: %s%n".formatted(peer, reason)));
    results.spark().ifPresent(spark -> text.append(columns(spark(spark))).append('\n'));
    if (!results.targets().isEmpty()) {
      text.append(columns(targets(results.targets())));
    }
    return text.toString();
  }

  private static List<List<String>> speeds(Results results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("task", "peer", "images/s", "least", "most", "Convoy / peer", "peak MB"));
    for (Results.Entry entry : results.entries()) {
      Measurement measured = entry.imagesPerSecond();
      OptionalDouble convoy = results.median(entry.task(), Peer.CONVOY);
      rows.add(
          List.of(
              entry.task().toString(),
              entry.peer().toString(),
              number(measured.median(), 1),
              number(measured.least(), 1),
              number(measured.most(), 1),
              convoy.isPresent() ? number(convoy.getAsDouble() / measured.median(), 2) : "",
              entry.peakBytes() > 0 ? number(entry.peakBytes() / 1e6, 0) : ""));
    }
    return rows;
  }

  private static List<List<String>> spark(Results.Spark spark) {
    return List.of(
        List.of("resnet-20, batch 64, training", "median", "least", "most"),
        row("Convoy on Spark local[2], images/s", spark.application(), 1),
        row("bare loop, images/s", spark.bareLoop(), 1),
        row("share of a step spent waiting for data", spark.waitingShare(), 4));
  }

  private static List<String> row(String what, Measurement measured, int digits) {
    return List.of(
        what,
        number(measured.median(), digits),
        number(measured.least(), digits),
        number(measured.most(), digits));
  }

  /** What was asked and what was found. */
  public static List<List<String>> targets(List<Target> targets) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("target", "asked", "found", ""));
    for (Target target : targets) {
      rows.add(
          List.of(
              target.what(),
              (target.atLeast() ? ">= " : "<= ") + number(target.bound(), 2),
              number(target.value(), target.value() < 0.1 ? 4 : 2),
              target.isMet() ? "met" : "NOT MET"));
    }
    return rows;
  }

  /** A number with so many digits behind the point. */
  public static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** Rows in aligned columns; what looks like a number stands to the right. */
  public static String columns(List<List<String>> rows) {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(c -> rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))
            .toArray();
    return rows.stream().map(row -> line(row, widths) + "\n").collect(Collectors.joining());
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String space = " ".repeat(widths[column] - cell.length());
      boolean isNumber = !cell.isEmpty() && Character.isDigit(cell.charAt(0));
      line.append(isNumber ? space + cell : cell + space).append("  ");
    }
    return line.toString().stripTrailing();
  }
}
