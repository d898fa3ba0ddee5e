package dev.convoy.driver.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.Thumbnail;
import dev.convoy.driver.cluster.Thumbnails;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.ensemble.export.PredictionExport;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.driver.ensemble.report.EnsembleReport;
import dev.convoy.driver.ensemble.statistics.EnsembleStatistics;
import dev.convoy.driver.ensemble.statistics.LeastSure;
import dev.convoy.driver.report.ContactSheet;
import dev.convoy.driver.training.TrainingData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files of an ensemble for people and other tools. Driver only. */
record ResultFiles(EnsembleDefinition definition, EnsembleDirectory directory, TrainingData data) {
  /** How many of the least sure images stand in a row. */
  private static final int COLUMNS = 6;

  /** The colour of the frame of a right answer: blue. */
  private static final int RIGHT = 0x1f6fb4;

  /** The colour of the frame of a wrong answer: orange. */
  private static final int WRONG = 0xd9730d;

  /**
   * Writes statistics.json, report.html, least-sure.png and, if configured, predictions; while the
   * images are open.
   *
   * @param predictions by the set of images that they are about
   * @param statistics of the same sets
   */
  void write(
      Map<String, ? extends MemberPredictions> predictions,
      Map<String, EnsembleStatistics> statistics,
      JsonNode summary) {
    Map<String, List<Thumbnail>> pictures = new HashMap<>();
    ObjectNode sets = JsonNodeFactory.instance.objectNode();
    statistics.forEach(
        (set, ofSet) -> {
          List<Integer> ids = leastSure(ofSet).stream().map(LeastSure.Example::id).toList();
          List<Thumbnail> ofIds = Thumbnails.of(images(set), ids);
          Map<Integer, String> paths = new HashMap<>();
          ofIds.forEach(picture -> paths.put(picture.id(), picture.location()));
          pictures.put(set, ofIds);
          sets.set(set, ofSet.located(paths).toJson());
        });
    directory.writeJson(EnsembleDirectory.STATISTICS, sets);
    EnsembleReport.Content content =
        new EnsembleReport.Content(
            definition.example().name(), data.labels(), summary, sets, pictures);
    directory.write(EnsembleDirectory.REPORT, out -> EnsembleReport.write(content, out));
    // Of the test images, or else of those closest to a test.
    Stream.of(PredictionSets.TEST, PredictionSets.OUT_OF_BAG, PredictionSets.VALIDATION)
        .filter(set -> !pictures.getOrDefault(set, List.of()).isEmpty())
        .findFirst()
        .ifPresent(set -> writeContactSheet(statistics.get(set), pictures.get(set)));
    directory.delete(EnsembleDirectory.PREDICTIONS);
    if (definition.settings().exportPredictions()) {
      predictions.forEach(this::export);
    }
  }

  private static List<LeastSure.Example> leastSure(EnsembleStatistics statistics) {
    return statistics.confidence().leastSure().examples();
  }

  private ShardedImages images(String set) {
    return switch (set) {
      case PredictionSets.TEST -> data.test().orElseThrow();
      case PredictionSets.VALIDATION -> data.validation().orElseThrow();
      default -> data.train();
    };
  }

  private void writeContactSheet(EnsembleStatistics statistics, List<Thumbnail> pictures) {
    Map<Integer, Integer> frames = new HashMap<>();
    leastSure(statistics)
        .forEach(
            example ->
                frames.put(example.id(), example.label() == example.predicted() ? RIGHT : WRONG));
    List<ContactSheet.PictureCell> cells =
        pictures.stream()
            .map(image -> new ContactSheet.PictureCell(image.picture(), frames.get(image.id())))
            .toList();
    directory.write(
        EnsembleDirectory.LEAST_SURE,
        out -> ContactSheet.writePng(ContactSheet.draw(cells, COLUMNS, Thumbnails.MAX_SIDE), out));
  }

  private void export(String set, MemberPredictions predictions) {
    PredictionExport export = new PredictionExport(predictions, images(set).listings());
    String file = EnsembleDirectory.PREDICTIONS + "/" + set;
    directory.write(file + ".npy", export::writeProbabilities);
    directory.write(file + "-labels.npy", export::writeLabels);
    directory.write(file + "-ids.csv", export::writeIds);
  }
}
