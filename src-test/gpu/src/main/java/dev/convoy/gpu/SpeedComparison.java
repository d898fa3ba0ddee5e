package dev.convoy.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/**
 * A comparison with PyTorch that is asked for.
 *
 * @param network and batch, as files are called
 * @param precision Convoy's
 * @param modes how PyTorch's are called: the fastest counts
 * @param ratio that Convoy's speed in training is to reach
 */
record SpeedComparison(String network, String precision, String modes, double ratio) {
  static final List<SpeedComparison> ASKED =
      List.of(
          new SpeedComparison("resnet-20-128", "BFLOAT16", ".*", 1.2),
          new SpeedComparison("resnet-20-64", "BFLOAT16", ".*", 1.2),
          new SpeedComparison("resnet-18-128", "BFLOAT16", "eager-channels-last-bfloat16", 1),
          new SpeedComparison("resnet-50-128", "BFLOAT16", "eager-channels-last-bfloat16", 1));

  /** What figures of inference hold. */
  static final String INFERENCE =
      "Inference: Convoy's takes bytes from the host in every batch, normalises them, and brings"
          + " probabilities back; PyTorch's images are on the card, normalised, its probabilities"
          + " stay there, and it waits once for all batches of a sample.";

  /** What was found, as a sentence. */
  String line(CheckResults results) {
    List<JsonNode> convoy =
        results.entries("convoy-speed-" + network + "(-.*)?").stream()
            .filter(entry -> entry.path("precision").asText().equals(precision))
            .filter(entry -> entry.has("training"))
            .toList();
    Optional<JsonNode> peer =
        results.entries("pytorch-" + network).stream()
            .filter(entry -> entry.path("mode").asText().matches(modes))
            .filter(entry -> entry.has("training"))
            .max(Comparator.comparingDouble(SpeedComparison::training));
    if (convoy.isEmpty() || peer.isEmpty()) {
      return network + ": not compared.";
    }
    double[] samples = convoy.stream().flatMapToDouble(SpeedComparison::samples).sorted().toArray();
    double[] others = samples(peer.get()).sorted().toArray();
    double reached = median(samples) / median(others);
    return String.format(
        Locale.ROOT,
        "%s: Convoy %s images/s in %s, of %d runs; PyTorch %s (%s): %.2f, asked %.1f: %s%s",
        network,
        withSpread(samples),
        precision,
        convoy.size(),
        withSpread(others),
        peer.get().path("mode").asText(),
        reached,
        ratio,
        reached >= ratio ? "reached" : "missed",
        remarks(convoy, peer.get()));
  }

  private static String remarks(List<JsonNode> convoy, JsonNode peer) {
    JsonNode first = convoy.get(0);
    StringBuilder remarks = new StringBuilder();
    if (convoy.stream()
        .anyMatch(entry -> entry.path("batch").asInt() != peer.path("batch").asInt())) {
      remarks.append("; other batches (").append(first.path("batch").asInt()).append(")");
    }
    convoy.stream()
        .map(entry -> entry.path("verdict").asText())
        .filter(verdict -> !GradientVerdict.isRight(verdict))
        .findFirst()
        .ifPresent(verdict -> remarks.append("; NOT RIGHT: ").append(verdict));
    if (first.path("learnedParameters").asLong() != peer.path("parameters").asLong()) {
      remarks.append("; parameters ").append(first.path("learnedParameters").asLong());
      remarks.append(" and ").append(peer.path("parameters").asLong());
    }
    return remarks.append(".").toString();
  }

  private static double training(JsonNode entry) {
    return entry.path("training").asDouble();
  }

  private static DoubleStream samples(JsonNode entry) {
    return entry.has("trainingSamples")
        ? StreamSupport.stream(entry.path("trainingSamples").spliterator(), false)
            .mapToDouble(JsonNode::asDouble)
        : DoubleStream.of(training(entry));
  }

  private static double median(double[] sorted) {
    return sorted[sorted.length / 2];
  }

  private static String withSpread(double[] sorted) {
    return String.format(
        Locale.ROOT,
        "%,.0f (%,.0f to %,.0f)",
        median(sorted),
        sorted[0],
        sorted[sorted.length - 1]);
  }
}
