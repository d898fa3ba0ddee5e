package dev.convoy.driver.search.report;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A search as one page of HTML: the best metric over epochs spent, the metric against every
 * hyperparameter, all of them side by side, their importance, and the trials. The page needs
 * nothing but itself: it holds Apache ECharts, and forbids the browser to fetch anything.
 */
public final class SearchReport {
  private static final String LIBRARY_VERSION =
      "/META-INF/maven/org.webjars/echarts/pom.properties";
  private static final String LIBRARY_VERSIONS = "/META-INF/resources/webjars/echarts/";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectWriter WRITER =
      JSON.writer().with(new MarkupEscapes()).with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private SearchReport() {}

  /**
   * Writes the page, in UTF-8.
   *
   * @param axes in the order to be shown
   * @param trials in any order
   * @param importance if there is one yet
   * @param out not closed
   * @throws IOException if it cannot be written, or the class path lacks ECharts
   */
  public static void write(
      Description description,
      List<Axis> axes,
      List<TrialPoint> trials,
      Optional<Importance> importance,
      OutputStream out)
      throws IOException {
    Map<String, String> parts =
        Map.of(
            "style", resource("search-report.css"),
            "data", WRITER.writeValueAsString(data(description, axes, trials, importance)),
            "library", library(),
            "script", resource("search-report.js"));
    String page =
        PLACEHOLDER
            .matcher(resource("search-report.html"))
            .replaceAll(placeholder -> Matcher.quoteReplacement(parts.get(placeholder.group(1))));
    out.write(page.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static ObjectNode data(
      Description description,
      List<Axis> axes,
      List<TrialPoint> trials,
      Optional<Importance> importance) {
    ObjectNode data = JSON.createObjectNode();
    data.put("name", description.name());
    data.put("metric", description.metric());
    data.put("higherIsBetter", description.higherIsBetter());
    data.set("lines", JSON.valueToTree(description.lines()));
    ArrayNode axisNodes = data.putArray("axes");
    axes.forEach(axis -> axisNodes.add(node(axis)));
    ArrayNode trialNodes = data.putArray("trials");
    trials.forEach(trial -> trialNodes.add(node(axes, trial)));
    data.put("fewestTrialsForImportance", Importance.FEWEST_TRIALS);
    importance.ifPresent(present -> data.set("importance", JSON.valueToTree(present)));
    return data;
  }

  private static ObjectNode node(Axis axis) {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", axis.name());
    node.put("logarithmic", axis.logarithmic());
    axis.categories().ifPresent(categories -> node.set("categories", JSON.valueToTree(categories)));
    return node;
  }

  /** The values stand in the order of the axes, with null for the inactive. */
  private static ObjectNode node(List<Axis> axes, TrialPoint trial) {
    ObjectNode node = JSON.createObjectNode();
    node.put("trial", trial.trial());
    node.put("state", trial.state());
    node.put("epochs", trial.epochs());
    trial.metric().ifPresent(metric -> node.put("metric", metric));
    ArrayNode values = node.putArray("values");
    axes.forEach(axis -> values.addPOJO(trial.values().get(axis.name())));
    node.put("epochsSpent", trial.epochsSpent());
    return node;
  }

  private static String library() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = open(LIBRARY_VERSION)) {
      properties.load(in);
    }
    return resource(LIBRARY_VERSIONS + properties.getProperty("version") + "/echarts.min.js");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = SearchReport.class.getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException(
          "Cannot write the search's report: expected "
              + name
              + " on the class path. Is the application's lib directory complete?");
    }
    return in;
  }

  /** Leaves no character that could end a script element or begin another: JSON knows \\u003c. */
  private static final class MarkupEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
      for (char markup : new char[] {'<', '>', '&', '\''}) {
        codes[markup] = CharacterEscapes.ESCAPE_STANDARD;
      }
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
