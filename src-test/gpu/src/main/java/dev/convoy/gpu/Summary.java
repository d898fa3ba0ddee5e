package dev.convoy.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What all parts and PyTorch found, beside what is asked.
 *
 * @param lines a sentence each
 */
record Summary(List<String> lines) {
  private static final double LEAST_ACCURACY = 0.84;
  private static final double MOST_SECONDS = 60;

  /** Reads whatever results a folder has. */
  static Summary of(Path folder) throws IOException {
    CheckResults results = new CheckResults(folder);
    List<String> lines = new ArrayList<>();
    lines.add(gradients(results.entries("convoy-gradients.*")));
    lines.add(processes(results.entries("convoy-(gradients|smoke).*")));
    results.entries("convoy-precisions.*").stream().map(Summary::precision).forEach(lines::add);
    results.entries("convoy-memory.*").stream().map(Summary::memory).forEach(lines::add);
    for (SpeedComparison comparison : SpeedComparison.ASKED) {
      lines.add(comparison.line(results));
    }
    lines.add(SpeedComparison.INFERENCE);
    lines.add(cifar(results.entries("convoy-cifar.*")));
    for (String name : results.incomplete()) {
      lines.add(name + ": ended before it was complete.");
    }
    return new Summary(lines);
  }

  void print(Report report) {
    report.put("lines", lines);
    lines.forEach(line -> report.line("%s", line));
  }

  private static String gradients(List<JsonNode> entries) {
    List<String> wrong =
        entries.stream()
            .filter(entry -> !GradientVerdict.isRight(entry.path("verdict").asText()))
            .map(
                entry ->
                    entry.has("failed")
                        ? entry.path("failed").asText() + " failed"
                        : subject(entry) + ": " + entry.path("verdict").asText())
            .toList();
    return entries.isEmpty()
        ? "Gradients: not compared."
        : String.format(
            Locale.ROOT,
            "Gradients: %d of %d right%s",
            entries.size() - wrong.size(),
            entries.size(),
            wrong.isEmpty() ? "." : "; " + String.join("; ", wrong) + ".");
  }

  private static String subject(JsonNode entry) {
    return entry.path("network").asText() + " " + entry.path("precision").asText();
  }

  /** Whether processes that took the same steps have the same parameters. */
  private static String processes(List<JsonNode> entries) {
    Map<String, List<String>> digests = new TreeMap<>();
    for (JsonNode entry : entries) {
      if (entry.has("repeated")) {
        digests
            .computeIfAbsent(subject(entry), subject -> new ArrayList<>())
            .add(entry.path("repeated").path("parameters").asText());
      }
    }
    digests.values().removeIf(of -> of.size() < 2);
    List<String> different =
        digests.entrySet().stream()
            .filter(of -> Set.copyOf(of.getValue()).size() > 1)
            .map(Map.Entry::getKey)
            .toList();
    if (digests.isEmpty()) {
      return "Parameters of two processes: not compared.";
    }
    return different.isEmpty()
        ? "Parameters of two processes: the same bits ("
            + String.join(", ", digests.keySet())
            + ")."
        : "Parameters of two processes: DIFFERENT (" + String.join(", ", different) + ").";
  }

  private static String precision(JsonNode entry) {
    return entry.has("failed")
        ? entry.path("failed").asText() + " failed."
        : String.format(
            Locale.ROOT,
            "%s, batch %d: loss %.6f, in FLOAT32 %.6f; cosine of the gradients %.6f.",
            subject(entry),
            entry.path("batch").asInt(),
            entry.path("loss").asDouble(),
            entry.path("lossInFloat32").asDouble(),
            entry.path("fromFloat32").path("cosine").asDouble());
  }

  private static String memory(JsonNode entry) {
    return "Too large a batch: "
        + (entry.has("failed")
            ? entry.path("failed").asText() + " failed."
            : entry.path("verdict").asText() + "; '" + entry.path("message").asText() + "'");
  }

  private static String cifar(List<JsonNode> entries) {
    List<JsonNode> runs = entries.stream().filter(entry -> entry.has("accuracy")).toList();
    if (runs.isEmpty()) {
      return "CIFAR-10: not trained.";
    }
    double least =
        runs.stream().mapToDouble(run -> run.path("accuracy").asDouble()).min().orElseThrow();
    double most =
        runs.stream().mapToDouble(run -> run.path("seconds").asDouble()).max().orElseThrow();
    return String.format(
        Locale.ROOT,
        "CIFAR-10: least accuracy %.4f, asked %.2f: %s; longest %.1f s, asked %.0f: %s;"
            + " parameters of runs alike: %s.",
        least,
        LEAST_ACCURACY,
        least >= LEAST_ACCURACY ? "reached" : "missed",
        most,
        MOST_SECONDS,
        most <= MOST_SECONDS ? "reached" : "missed",
        bits(runs));
  }

  private static String bits(List<JsonNode> runs) {
    Map<String, Set<String>> digests = new HashMap<>();
    for (JsonNode run : runs) {
      digests
          .computeIfAbsent(run.path("precision").asText(), precision -> new HashSet<>())
          .add(run.path("parameters").asText());
    }
    if (digests.values().stream().anyMatch(of -> of.size() > 1)) {
      return "DIFFERENT";
    }
    return runs.size() > digests.size() ? "the same bits" : "one run only";
  }
}
