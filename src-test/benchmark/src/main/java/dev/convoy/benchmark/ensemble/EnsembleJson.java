package dev.convoy.benchmark.ensemble;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.benchmark.report.Json;
import dev.convoy.benchmark.report.Machine;
import java.util.Locale;

/** ensemble.json: the machine, every sample, and the targets. */
final class EnsembleJson {
  private EnsembleJson() {}

  static ObjectNode of(Machine machine, EnsembleFindings findings) {
    ObjectNode report = Json.report(machine);
    if (!findings.costs().isEmpty()) {
      ArrayNode costs = report.putArray("cost");
      findings.costs().forEach(cost -> put(costs.addObject(), cost));
    }
    findings.streaming().ifPresent(measured -> put(report.putObject("streaming"), measured));
    Json.putTargets(report, findings.targets());
    return report;
  }

  private static void put(ObjectNode node, Cost cost) {
    node.put("network", cost.network().toString())
        .put("origin", cost.origin().name().toLowerCase(Locale.ROOT))
        .put("images", cost.images())
        .put("members", cost.members());
    Json.put(node, "seconds-of-one", cost.secondsOfOne());
    Json.put(node, "seconds-of-all", cost.secondsOfAll());
    node.put("ratio", cost.ratio());
  }

  private static void put(ObjectNode node, Streaming streaming) {
    node.put("images", streaming.scale().images())
        .put("files", streaming.scale().files())
        .put("members", streaming.scale().members())
        .put("image-bytes", streaming.imageBytes());
    ArrayNode heap = node.putArray("heap");
    streaming
        .heap()
        .forEach(look -> heap.addObject().put("images", look.images()).put("bytes", look.bytes()));
    node.put("most-heap-bytes", streaming.peak().bytes())
        .put("looks-at-heap", streaming.peak().looks())
        .put("all-images-bytes", streaming.allImagesBytes())
        .put("heap-limit-bytes", streaming.limitBytes());
  }
}
