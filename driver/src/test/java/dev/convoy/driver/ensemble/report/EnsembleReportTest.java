package dev.convoy.driver.ensemble.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.cluster.Thumbnail;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.ensemble.statistics.EnsembleStatistics;
import dev.convoy.worker.ensemble.SoftVote;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsembleReportTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PICTURE = "data:image/png;base64,";
  private static final Pattern DATA =
      Pattern.compile(
          "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

  /** The data's, the library's, and the page's own. */
  private static final int SCRIPTS = 3;

  @TempDir private Path scratch;

  @Test
  void thePageFetchesNothing() throws IOException {
    String page = page(content(List.of("cat", "dog", "hen"), set(3, 3, 60)));
    assertThat(page).contains("content=\"default-src 'none';", "img-src data:");
    assertThat(tags(markup(page)))
        .noneMatch(tag -> tag.matches("(?is)<(link|img|iframe|object|embed|base|audio|video).*"))
        .noneMatch(tag -> tag.matches("(?is).*\\s(src|href|srcset|action|data)\\s*=.*"));
    assertThat(resource("ensemble-report.css")).doesNotContain("url(", "@import");
    assertThat(resource("ensemble-report.js"))
        .doesNotContain("http:", "https:", "fetch(", "import(")
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
  }

  @Test
  void theScriptFindsEveryElementThatItNames() throws IOException {
    String html = resource("ensemble-report.html");
    String script = resource("ensemble-report.js");
    List<String> names =
        Pattern.compile("(?:getElementById|say|hide|table|chart|sizeMatrix)\\(\\s*'([a-z-]+)'[,)]")
            .matcher(script)
            .results()
            .map(result -> result.group(1))
            .toList();
    assertThat(names).hasSizeGreaterThan(30);
    assertThat(names).allSatisfy(name -> assertThat(html).contains("id=\"" + name + "\""));
  }

  @Test
  void noNameBecomesMarkup() throws IOException {
    List<String> attacks =
        List.of("</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{data}}");
    ObjectNode statistics = set(3, 3, 60);
    Thumbnail picture = picture(statistics, attacks.get(0));
    String page =
        page(
            new EnsembleReport.Content(
                attacks.get(0),
                attacks,
                JSON.createObjectNode().put("model", attacks.get(1)),
                JSON.createObjectNode().set("test", statistics),
                Map.of("test", List.of(picture))));
    assertThat(occurrences(page, "(?i)<script")).isEqualTo(SCRIPTS);
    assertThat(occurrences(page, "(?i)</script")).isEqualTo(SCRIPTS);
    JsonNode data = data(page);
    assertThat(data.path("name").asText()).isEqualTo(attacks.get(0));
    assertThat(data.path("labels")).extracting(JsonNode::asText).isEqualTo(attacks);
    assertThat(leastSure(data, 0).path("path").asText()).isEqualTo(attacks.get(0));
  }

  @Test
  void theTestComesFirstThenWhatIsOutOfBag() throws IOException {
    ObjectNode statistics = JSON.createObjectNode();
    statistics.set("validation", set(2, 3, 20));
    statistics.set("test", set(2, 3, 20));
    statistics.set("out-of-bag", set(2, 3, 20));
    assertThat(data(page(content(List.of("a", "b", "c"), statistics, Map.of()))).path("sets"))
        .extracting(set -> set.path("name").asText())
        .containsExactly("test", "out-of-bag", "validation");
  }

  @Test
  void picturesAreThoseOfTheExamples() throws IOException {
    ObjectNode statistics = set(3, 3, 60);
    Thumbnail picture = picture(statistics, "here.png");
    ObjectNode sets = JSON.createObjectNode().set("test", statistics);
    JsonNode data =
        data(page(content(List.of("a", "b", "c"), sets, Map.of("test", List.of(picture)))));
    String address = leastSure(data, 0).path("picture").asText();
    assertThat(address).startsWith(PICTURE);
    BufferedImage drawn =
        ImageIO.read(
            new ByteArrayInputStream(
                Base64.getDecoder().decode(address.substring(PICTURE.length()))));
    assertThat(drawn.getWidth()).isEqualTo(2);
    assertThat(drawn.getHeight()).isEqualTo(1);
    assertThat(drawn.getRGB(1, 0) & 0xffffff).isEqualTo(0xc8c8c8);
    assertThat(leastSure(data, 0).path("path").asText()).isEqualTo("here.png");
    assertThat(leastSure(data, 1).has("picture")).isFalse();
  }

  @Test
  void aSetWithoutAnswersAndAnEnsembleWithoutSetsHaveAPage() throws IOException {
    JsonNode empty = data(page(content(List.of("a", "b", "c"), set(2, 3, 0)))).at("/sets/0");
    assertThat(empty.at("/answers/examples").asInt(-1)).isZero();
    assertThat(empty.at("/quality/ensemble/accuracy").isNull()).isTrue();
    assertThat(empty.path("confused")).isEmpty();
    JsonNode nothing =
        data(page(content(List.of("a", "b", "c"), JSON.createObjectNode(), Map.of())));
    assertThat(nothing.path("sets")).isEmpty();
  }

  @Test
  void whatFewClassesHaveIsAllThere() throws IOException {
    ObjectNode statistics = set(3, 4, 200);
    JsonNode set = data(page(content(List.of("a", "b", "c", "d"), statistics))).at("/sets/0");
    assertThat(set.path("confusion"))
        .hasToString(statistics.at("/quality/confusion/counts").toString());
    assertThat(set.path("classes")).hasSize(4);
    assertThat(set.at("/classes/2/recall"))
        .isEqualTo(statistics.at("/quality/confusion/classes/2/recall"));
    assertThat(set.at("/classes/2/area-under-roc"))
        .isEqualTo(statistics.at("/quality/ranking/classes/2/areas/area-under-roc"));
    assertThat(set.path("curves")).hasSize(4);
    assertThat(set.at("/curves/3/roc/0")).extracting(JsonNode::asDouble).containsExactly(0.0, 0.0);
    assertThat(set.at("/curves/3/precision-recall/0"))
        .extracting(JsonNode::asDouble)
        .containsExactly(0.0, 1.0);
    assertThat(set.at("/diversity/disagreement/pairs")).hasSize(3);
    JsonNode first = set.at("/confused/0");
    assertThat(first.get(2).asLong())
        .isEqualTo(
            set.path("confusion").get(first.get(0).asInt()).get(first.get(1).asInt()).asLong());
    assertThat(set.path("confused"))
        .extracting(pair -> -pair.get(2).asLong())
        .isSorted()
        .hasSizeBetween(4, 12);
  }

  @Test
  void ofManyClassesThePageHoldsWhatCanBeLookedAt() throws IOException {
    int classes = ReportData.MAX_CLASSES + 1;
    List<String> labels = IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
    JsonNode set = data(page(content(labels, set(2, classes, 2000)))).at("/sets/0");
    assertThat(set.has("confusion")).isFalse();
    assertThat(set.path("confused")).hasSize(ReportData.MAX_CONFUSED);
    assertThat(set.path("classes")).hasSize(ReportData.MAX_CLASSES);
    assertThat(set.path("curves")).hasSize(ReportData.MAX_CURVES);
    double worst =
        IntStream.range(0, ReportData.MAX_CURVES)
            .mapToDouble(i -> set.at("/curves/" + i + "/average-precision").asDouble())
            .max()
            .orElseThrow();
    assertThat(set.path("classes"))
        .filteredOn(row -> row.path("average-precision").asDouble(2) < worst)
        .hasSizeLessThan(ReportData.MAX_CURVES);
  }

  @Test
  void ofManyMembersThePageHoldsNoPairs() throws IOException {
    JsonNode set =
        data(page(content(List.of("a", "b"), set(ReportData.MAX_MEMBERS + 1, 2, 20))))
            .at("/sets/0");
    assertThat(set.at("/diversity/yules-q").has("mean")).isTrue();
    assertThat(set.at("/diversity/yules-q").has("pairs")).isFalse();
  }

  @Test
  void theStatisticsStayAsTheyWere() throws IOException {
    ObjectNode statistics = set(3, 3, 60);
    JsonNode before = statistics.deepCopy();
    page(content(List.of("a", "b", "c"), statistics));
    assertThat(statistics).isEqualTo(before);
  }

  /** Random answers that favour the label; none of no examples. */
  private ObjectNode set(int members, int classes, int examples) {
    KeyedRandom random = KeyedRandom.of(1, Purpose.SYNTHETIC);
    int[] labels = IntStream.range(0, Math.max(1, examples)).map(i -> i % classes).toArray();
    Listing listing = Listing.ofRecords("records", labels);
    try (PredictionTable table = new PredictionTable(List.of(listing), members, classes, scratch)) {
      float[] answer = new float[classes];
      for (int id = 0; id < examples; id++) {
        for (int member = 0; member < members; member++) {
          float sum = 0;
          for (int i = 0; i < classes; i++) {
            answer[i] = random.nextInt(100) + (i == labels[id] ? 30 : 1);
            sum += answer[i];
          }
          for (int i = 0; i < classes; i++) {
            answer[i] /= sum;
          }
          table.put(id, member, answer, 0);
        }
      }
      return EnsembleStatistics.of(table, new SoftVote(), 1).toJson();
    }
  }

  /** Of the least sure example: two grey pixels. */
  private static Thumbnail picture(ObjectNode statistics, String location) {
    return new Thumbnail(
        statistics.at("/doubt/least-sure/examples/0/id").asInt(),
        location,
        new Picture(new ImageShape(1, 2, 1), new byte[] {7, (byte) 200}));
  }

  private static JsonNode leastSure(JsonNode data, int place) {
    return data.at("/sets/0/doubt/least-sure/examples/" + place);
  }

  private static EnsembleReport.Content content(List<String> labels, ObjectNode set) {
    return content(labels, JSON.createObjectNode().set("test", set), Map.of());
  }

  private static EnsembleReport.Content content(
      List<String> labels, JsonNode statistics, Map<String, List<Thumbnail>> pictures) {
    return new EnsembleReport.Content(
        "Digits", labels, JSON.createObjectNode().put("status", "completed"), statistics, pictures);
  }

  private static String page(EnsembleReport.Content content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EnsembleReport.write(content, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static JsonNode data(String page) throws IOException {
    return JSON.readTree(DATA.matcher(page).results().findFirst().orElseThrow().group(1));
  }

  /** Without what stands in scripts and styles: no browser reads tags there. */
  private static String markup(String page) {
    return page.replaceAll("(?is)(<(script|style)[^>]*>).*?(</\\2>)", "$1$3");
  }

  private static List<String> tags(String markup) {
    List<String> tags =
        new ArrayList<>(
            Pattern.compile("<[^>]*>").matcher(markup).results().map(MatchResult::group).toList());
    assertThat(tags).hasSizeGreaterThan(20);
    return tags;
  }

  private static String resource(String name) throws IOException {
    try (var in = EnsembleReport.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static long occurrences(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }
}
