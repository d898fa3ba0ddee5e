package dev.convoy.benchmark.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/** benchmark.json: the machine, the peers, every sample, and the targets. */
public final class JsonReport {
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
    Json.write(file, of(machine, repetitions, seconds, results));
  }

  static ObjectNode of(Machine machine, int repetitions, double seconds, Results results) {
    ObjectNode report = Json.report(machine);
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
              .put("parameters", entry.parameters())
              .put("peak-bytes", entry.peakBytes());
      Json.put(node, "images-per-second", entry.imagesPerSecond());
    }
    results.spark().ifPresent(spark -> putSpark(report, spark));
    Json.putTargets(report, results.targets());
    return report;
  }

  private static void putSpark(ObjectNode report, Results.Spark spark) {
    ObjectNode node = report.putObject("spark");
    node.put("images", spark.images()).put("epochs", spark.epochs());
    Json.put(node, "application-images-per-second", spark.application());
    Json.put(node, "bare-loop-images-per-second", spark.bareLoop());
    Json.put(node, "waiting-share", spark.waitingShare());
  }
}
