package dev.convoy.benchmark.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/** benchmark.json: the machine, the peers, every sample, and the targets. */
public final class JsonReport {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonReport() {}

  /**
   * Writes the file.
   *
   * @param repetitions of every measurement
   * @param seconds of each
   */
  public static void write(
      Path file, Machine machine, int repetitions, double seconds, Results results)
      throws IOException {
    JSON.writeValue(file.toFile(), of(machine, repetitions, seconds, results));
  }

  static ObjectNode of(Machine machine, int repetitions, double seconds, Results results) {
    ObjectNode report = JSON.createObjectNode();
    report
        .putObject("machine")
        .put("processor", machine.processor())
        .put("cores", machine.cores())
        .put("system", machine.system())
        .put("java", machine.java());
    report.put("repetitions", repetitions).put("seconds", seconds);
    ObjectNode peers = report.putObject("peers");
    results.versions().forEach((peer, version) -> peers.put(peer.toString(), version));
    ObjectNode skipped = report.putObject("skipped");
    results.skipped().forEach((peer, reason) -> skipped.put(peer.toString(), reason));
    ArrayNode entries = report.putArray("results");
    for (Results.Entry entry : results.entries()) {
      ObjectNode node =
          entries
              .addObject()
              .put("workload", entry.task().workload().toString())
              .put("batch", entry.task().batch())
              .put("mode", entry.task().mode().toString())
              .put("peer", entry.peer().toString())
              .put("parameters", entry.parameters());
      put(node, "images-per-second", entry.imagesPerSecond());
    }
    results.spark().ifPresent(spark -> putSpark(report, spark));
    ArrayNode targets = report.putArray("targets");
    for (Target target : results.targets()) {
      targets
          .addObject()
          .put("what", target.what())
          .put(target.atLeast() ? "at-least" : "at-most", target.bound())
          .put("found", target.value())
          .put("met", target.isMet());
    }
    return report;
  }

  private static void putSpark(ObjectNode report, Results.Spark spark) {
    ObjectNode node = report.putObject("spark");
    node.put("images", spark.images()).put("epochs", spark.epochs());
    put(node, "application-images-per-second", spark.application());
    put(node, "bare-loop-images-per-second", spark.bareLoop());
    put(node, "waiting-share", spark.waitingShare());
  }

  private static void put(ObjectNode node, String name, Measurement measured) {
    ObjectNode values =
        node.putObject(name)
            .put("median", measured.median())
            .put("least", measured.least())
            .put("most", measured.most());
    measured.samples().forEach(values.putArray("samples")::add);
  }
}
