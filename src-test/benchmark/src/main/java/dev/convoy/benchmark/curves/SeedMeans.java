package dev.convoy.benchmark.curves;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * Trials of a search that differ in nothing but their seed.
 *
 * @param values that they have in common, by key; without keys in which no trials differ
 * @param metrics of the trials that have one
 * @param trials how many there are
 */
record SeedMeans(Map<String, String> values, DescriptiveStatistics metrics, int trials) {
  private static final String SEED = "seed";

  /** Groups trials, in the order of their first ones. */
  static List<SeedMeans> of(Collection<RecordedTrial> trials) {
    Map<Map<String, String>, List<RecordedTrial>> groups = new LinkedHashMap<>();
    for (RecordedTrial trial : trials) {
      Map<String, String> values = new LinkedHashMap<>(trial.values());
      values.remove(SEED);
      groups.computeIfAbsent(values, group -> new ArrayList<>()).add(trial);
    }
    return groups.entrySet().stream()
        .map(group -> of(varying(group.getKey(), groups.keySet()), group.getValue()))
        .toList();
  }

  private static SeedMeans of(Map<String, String> values, List<RecordedTrial> trials) {
    double[] metrics =
        trials.stream()
            .mapToDouble(RecordedTrial::metric)
            .filter(metric -> !Double.isNaN(metric))
            .toArray();
    return new SeedMeans(values, new DescriptiveStatistics(metrics), trials.size());
  }

  private static Map<String, String> varying(
      Map<String, String> values, Set<Map<String, String>> groups) {
    Map<String, String> varying = new LinkedHashMap<>(values);
    varying
        .entrySet()
        .removeIf(
            value ->
                groups.stream()
                    .allMatch(other -> value.getValue().equals(other.get(value.getKey()))));
    return varying;
  }

  /** The mean over the seeds; NaN if no trial has a metric. */
  double mean() {
    return metrics.getMean();
  }

  /** The standard deviation over the seeds; 0 of one. */
  double deviation() {
    return metrics.getStandardDeviation();
  }

  /** The values but that of one key, as a label. */
  String label(String without) {
    return String.join(
        ", ",
        values.entrySet().stream()
            .filter(value -> !value.getKey().equals(without))
            .map(value -> shortName(value.getKey()) + value.getValue())
            .toList());
  }

  /** What a number is of; names speak for themselves. */
  private String shortName(String key) {
    return values.get(key).matches("[-+0-9.eE]+")
        ? key.substring(key.lastIndexOf('.') + 1) + " "
        : "";
  }

  /** A row for each group under one with the keys. */
  static List<List<String>> table(List<SeedMeans> groups) {
    Set<String> keys = new TreeSet<>();
    groups.forEach(group -> keys.addAll(group.values().keySet()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(Stream.concat(keys.stream(), Stream.of("trials", "mean", "deviation")).toList());
    for (SeedMeans group : groups) {
      List<String> row = new ArrayList<>();
      keys.forEach(key -> row.add(group.values().getOrDefault(key, "")));
      row.add(
          group.metrics().getN() == group.trials()
              ? Integer.toString(group.trials())
              : group.metrics().getN() + " of " + group.trials());
      row.add(number(group.mean()));
      row.add(number(group.deviation()));
      rows.add(row);
    }
    return rows;
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
  }
}
