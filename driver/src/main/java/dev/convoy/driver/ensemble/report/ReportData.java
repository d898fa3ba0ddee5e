package dev.convoy.driver.ensemble.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.cluster.Thumbnail;
import dev.convoy.driver.report.ContactSheet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The data of the page: of the statistics as much as can be looked at. */
final class ReportData {
  /** Classes that a confusion matrix is drawn of. */
  static final int MAX_CELLS = 100;

  /** Pairs of classes in the table of what is confused. */
  static final int MAX_CONFUSED = 50;

  /** Rows in the table of classes. */
  static final int MAX_CLASSES = 500;

  /** Classes whose curves are drawn. */
  static final int MAX_CURVES = 20;

  /** Members whose pairs are drawn. */
  static final int MAX_MEMBERS = 64;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final double CURVE_STEPS = 1e4;

  /** What is worth the first look comes first. */
  private static final List<String> ORDER = List.of("test", "out-of-bag", "validation");

  private ReportData() {}

  static ObjectNode of(EnsembleReport.Content content) throws IOException {
    ObjectNode data = JSON.objectNode();
    data.put("name", content.name());
    content.labels().forEach(data.putArray("labels")::add);
    data.set("summary", content.summary());
    ArrayNode sets = data.putArray("sets");
    for (String name : names(content.statistics())) {
      ObjectNode set = set(content.statistics().path(name));
      set.put("name", name);
      putPictures(set, content.pictures().getOrDefault(name, List.of()));
      sets.add(set);
    }
    return data;
  }

  private static Set<String> names(JsonNode statistics) {
    Set<String> names = new LinkedHashSet<>(ORDER);
    names.removeIf(name -> !statistics.has(name));
    statistics.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static ObjectNode set(JsonNode statistics) {
    ObjectNode set = statistics.deepCopy();
    ObjectNode quality = set.withObject("/quality");
    quality
        .path("members")
        .forEach(member -> ((ObjectNode) member.path("calibration")).remove("bins"));
    JsonNode confusion = quality.path("confusion");
    JsonNode ranking = quality.path("ranking");
    set.set("classes", classes(confusion.path("classes"), ranking.path("classes")));
    set.set("confused", confused(confusion.path("counts")));
    if (confusion.path("counts").size() <= MAX_CELLS) {
      set.set("confusion", confusion.path("counts"));
    }
    set.set("curves", curves(ranking.path("classes")));
    quality.remove("confusion");
    quality.remove("ranking");
    if (set.at("/answers/members").asInt() > MAX_MEMBERS) {
      set.path("diversity")
          .forEach(
              measure -> {
                if (measure instanceof ObjectNode pairs) {
                  pairs.remove("pairs");
                }
              });
    }
    return set;
  }

  /** Every class, or those that are found worst. */
  private static ArrayNode classes(JsonNode scores, JsonNode ranking) {
    ArrayNode rows = JSON.arrayNode();
    for (int label : lowest(scores, score -> score.path("f1"), MAX_CLASSES)) {
      ObjectNode row = scores.get(label).deepCopy();
      row.put("class", label);
      row.setAll((ObjectNode) ranking.path(label).path("areas"));
      rows.add(row);
    }
    return rows;
  }

  /** The curves of every class, or of those that are ranked worst; points are [x, y]. */
  private static ArrayNode curves(JsonNode ranking) {
    ArrayNode curves = JSON.arrayNode();
    for (int label : lowest(ranking, of -> of.at("/areas/average-precision"), MAX_CURVES)) {
      JsonNode of = ranking.get(label);
      ObjectNode curve = curves.addObject().put("class", label);
      curve.setAll((ObjectNode) of.path("areas"));
      curve.set("roc", points(of.path("roc"), "false-positive-rate", "true-positive-rate"));
      curve.set("precision-recall", points(of.path("precision-recall"), "recall", "precision"));
    }
    return curves;
  }

  private static ArrayNode points(JsonNode of, String x, String y) {
    ArrayNode points = JSON.arrayNode();
    of.forEach(
        point ->
            points
                .addArray()
                .add(Math.round(CURVE_STEPS * point.path(x).asDouble()) / CURVE_STEPS)
                .add(Math.round(CURVE_STEPS * point.path(y).asDouble()) / CURVE_STEPS));
    return points;
  }

  /**
   * The indices of the elements with the lowest numbers, ascending; those without one count as
   * highest.
   */
  private static List<Integer> lowest(
      JsonNode elements, Function<JsonNode, JsonNode> number, int most) {
    return IntStream.range(0, elements.size())
        .boxed()
        .sorted(
            Comparator.comparingDouble(
                i -> number.apply(elements.get(i)).asDouble(Double.POSITIVE_INFINITY)))
        .limit(most)
        .sorted()
        .toList();
  }

  /** What was most often taken for what, [actual, predicted, count], most often first. */
  private static ArrayNode confused(JsonNode counts) {
    Comparator<long[]> leastOften = Comparator.comparingLong(pair -> pair[2]);
    // Of pairs as frequent as others the first stay.
    Comparator<long[]> order =
        leastOften
            .thenComparing(Comparator.<long[]>comparingLong(pair -> pair[0]).reversed())
            .thenComparing(Comparator.<long[]>comparingLong(pair -> pair[1]).reversed());
    PriorityQueue<long[]> most = new PriorityQueue<>(order);
    for (int actual = 0; actual < counts.size(); actual++) {
      for (int predicted = 0; predicted < counts.size(); predicted++) {
        long count = counts.get(actual).get(predicted).asLong();
        if (actual != predicted && count > 0) {
          most.add(new long[] {actual, predicted, count});
          if (most.size() > MAX_CONFUSED) {
            most.remove();
          }
        }
      }
    }
    List<long[]> sorted = new ArrayList<>(most);
    sorted.sort(order.reversed());
    ArrayNode confused = JSON.arrayNode();
    sorted.forEach(pair -> confused.addArray().add(pair[0]).add(pair[1]).add(pair[2]));
    return confused;
  }

  private static void putPictures(ObjectNode set, List<Thumbnail> pictures) throws IOException {
    Map<Integer, Thumbnail> byId =
        pictures.stream().collect(Collectors.toMap(Thumbnail::id, picture -> picture));
    for (JsonNode example : set.at("/doubt/least-sure/examples")) {
      Thumbnail picture = byId.get(example.path("id").asInt());
      if (picture != null) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ContactSheet.writePng(ContactSheet.draw(picture.picture()), png);
        ((ObjectNode) example)
            .put("path", picture.location())
            .put(
                "picture",
                "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray()));
      }
    }
  }
}
