package dev.convoy.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * What all parts and PyTorch found, beside what is asked.
 *
 * @param lines a sentence each
 */
record Summary(List<String> lines) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A comparison that is asked for.
   *
   * @param network and batch, as files are called
   * @param precision Convoy's
   * @param modes how PyTorch's are called: the fastest counts
   * @param ratio that Convoy's speed is to reach
   */
  private record Asked(String network, String precision, String modes, double ratio) {}

  private static final List<Asked> ASKED =
      List.of(
          new Asked("resnet-20-128", "BFLOAT16", ".*", 1.2),
          new Asked("resnet-20-64", "BFLOAT16", ".*", 1.2),
          new Asked("resnet-18-128", "BFLOAT16", "eager-channels-last-bfloat16", 1),
          new Asked("resnet-50-128", "BFLOAT16", "eager-channels-last-bfloat16", 1));

  private static final double LEAST_ACCURACY = 0.84;
  private static final double MOST_SECONDS = 60;

  /** Reads whatever results a folder has. */
  static Summary of(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(gradients(entries(folder.resolve("convoy-gradients.json"))));
    for (Asked asked : ASKED) {
      lines.add(speed(folder, asked));
    }
    lines.add(cifar(entries(folder.resolve("convoy-cifar.json"))));
    return new Summary(lines);
  }

  void print(Report report) {
    report.put("lines", lines);
    lines.forEach(line -> report.line("%s", line));
  }

  private static List<JsonNode> entries(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<JsonNode> entries = new ArrayList<>();
    JSON.readTree(file.toFile()).path("entries").forEach(entries::add);
    return entries;
  }

  private static String gradients(List<JsonNode> entries) {
    List<String> wrong =
        entries.stream()
            .filter(entry -> !entry.path("verdict").asText().equals("right"))
            .map(
                entry ->
                    entry.has("failed")
                        ? entry.path("failed").asText() + " failed"
                        : entry.path("network").asText()
                            + " "
                            + entry.path("precision").asText()
                            + ": "
                            + entry.path("verdict").asText())
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

  private static String speed(Path folder, Asked asked) throws IOException {
    Optional<JsonNode> convoy =
        entries(folder.resolve("convoy-speed-" + asked.network() + ".json")).stream()
            .filter(entry -> entry.path("precision").asText().equals(asked.precision()))
            .findFirst();
    Optional<JsonNode> peer =
        entries(folder.resolve("pytorch-" + asked.network() + ".json")).stream()
            .filter(entry -> entry.path("mode").asText().matches(asked.modes()))
            .filter(entry -> entry.has("training"))
            .max((a, b) -> Double.compare(training(a), training(b)));
    if (convoy.isEmpty() || peer.isEmpty()) {
      return asked.network() + ": not compared.";
    }
    int batch = convoy.get().path("batch").asInt();
    double ratio = training(convoy.get()) / training(peer.get());
    return String.format(
        Locale.ROOT,
        "%s: Convoy %,.0f images/s in %s, PyTorch %,.0f (%s): %.2f, asked %.1f: %s%s",
        asked.network(),
        training(convoy.get()),
        asked.precision(),
        training(peer.get()),
        peer.get().path("mode").asText(),
        ratio,
        asked.ratio(),
        ratio >= asked.ratio() ? "reached" : "missed",
        peer.get().path("batch").asInt() == batch ? "." : ", with another batch (" + batch + ").");
  }

  private static double training(JsonNode entry) {
    return entry.path("training").asDouble();
  }

  private static String cifar(List<JsonNode> entries) {
    List<JsonNode> runs = entries.stream().filter(entry -> entry.has("accuracy")).toList();
    if (runs.isEmpty()) {
      return "CIFAR-10: not trained.";
    }
    Set<String> precisions = new HashSet<>();
    Set<String> parameters = new HashSet<>();
    runs.forEach(
        run -> {
          precisions.add(run.path("precision").asText());
          parameters.add(run.path("parameters").asText());
        });
    boolean same = parameters.size() == precisions.size() && runs.size() > precisions.size();
    double least = accuracies(runs).min().orElseThrow();
    double most =
        runs.stream().mapToDouble(run -> run.path("seconds").asDouble()).max().getAsDouble();
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
        same ? "the same bits" : runs.size() > precisions.size() ? "DIFFERENT" : "one run only");
  }

  private static DoubleStream accuracies(List<JsonNode> runs) {
    return runs.stream().mapToDouble(run -> run.path("accuracy").asDouble());
  }
}
