package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.Thumbnail;
import dev.convoy.driver.cluster.Thumbnails;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.ensemble.export.PredictionExport;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.driver.ensemble.report.ContactSheet;
import dev.convoy.driver.ensemble.report.EnsembleReport;
import dev.convoy.driver.training.TrainingData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of an ensemble for people and other tools. Driver only. */
final class ResultFiles {
  private final EnsembleDefinition definition;
  private final EnsembleDirectory directory;
  private final TrainingData data;

  ResultFiles(EnsembleDefinition definition, EnsembleDirectory directory, TrainingData data) {
    this.definition = definition;
    this.directory = directory;
    this.data = data;
  }

  /**
   * Writes statistics.json, report.html, least-sure.png and, if configured, predictions; while the
   * images are open.
   *
   * @param predictions by the set of images that they are about
   * @param statistics of the same sets; the paths of the least sure examples are put in
   */
  void write(
      Map<String, ? extends MemberPredictions> predictions,
      ObjectNode statistics,
      JsonNode summary) {
    Map<String, List<Thumbnail>> pictures = new HashMap<>();
    statistics
        .fields()
        .forEachRemaining(
            set -> pictures.put(set.getKey(), pictures(set.getKey(), set.getValue())));
    directory.writeStatistics(statistics);
    EnsembleReport.Content content =
        new EnsembleReport.Content(
            definition.example().name(), data.labels(), summary, statistics, pictures);
    directory.writeReport(out -> EnsembleReport.write(content, out));
    writeContactSheet(statistics, pictures);
    directory.deletePredictions();
    if (definition.settings().exportPredictions()) {
      predictions.forEach(this::export);
    }
  }

  private List<Thumbnail> pictures(String set, JsonNode statistics) {
    List<JsonNode> examples = leastSure(statistics);
    List<Integer> ids = examples.stream().map(example -> example.path("id").asInt()).toList();
    List<Thumbnail> pictures = Thumbnails.of(images(set), ids);
    Map<Integer, String> locations = new HashMap<>();
    pictures.forEach(picture -> locations.put(picture.id(), picture.location()));
    for (int i = 0; i < ids.size(); i++) {
      ((ObjectNode) examples.get(i)).put("path", locations.get(ids.get(i)));
    }
    return pictures;
  }

  private static List<JsonNode> leastSure(JsonNode statistics) {
    List<JsonNode> examples = new ArrayList<>();
    statistics.at("/doubt/least-sure/examples").forEach(examples::add);
    return examples;
  }

  private ShardedImages images(String set) {
    return switch (set) {
      case "test" -> data.test().orElseThrow();
      case "validation" -> data.validation().orElseThrow();
      default -> data.train();
    };
  }

  /** Of the test images, or else of those closest to a test. */
  private void writeContactSheet(JsonNode statistics, Map<String, List<Thumbnail>> pictures) {
    Optional<String> set =
        Stream.of("test", "out-of-bag", "validation")
            .filter(name -> !pictures.getOrDefault(name, List.of()).isEmpty())
            .findFirst();
    set.ifPresent(
        name -> {
          Map<Integer, Boolean> right = new HashMap<>();
          leastSure(statistics.path(name))
              .forEach(
                  example ->
                      right.put(
                          example.path("id").asInt(),
                          example.path("label").asInt() == example.path("predicted").asInt()));
          List<ContactSheet.Entry> entries =
              pictures.get(name).stream()
                  .map(picture -> new ContactSheet.Entry(picture, right.get(picture.id())))
                  .toList();
          directory.writeLeastSure(out -> ContactSheet.writePng(ContactSheet.draw(entries), out));
        });
  }

  private void export(String set, MemberPredictions predictions) {
    PredictionExport export = new PredictionExport(predictions, images(set).listings());
    directory.writePredictions(set + ".npy", export::writeProbabilities);
    directory.writePredictions(set + "-labels.npy", export::writeLabels);
    directory.writePredictions(set + "-ids.csv", export::writeIds);
  }
}
