package dev.convoy.driver.search.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SearchReportTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern DATA =
      Pattern.compile(
          "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

  /** The data's, the library's, and the page's own. */
  private static final int SCRIPTS = 3;

  private static final Description DESCRIPTION =
      new Description(
          "Rates of LeNet-5", "validation accuracy", true, List.of("three trials", "best: 2"));

  private static final List<Axis> AXES =
      List.of(
          new Axis("rate", true, Optional.empty()),
          new Axis("rule", false, Optional.of(List.of("adam", "sgd"))),
          new Axis("momentum", false, Optional.empty()),
          new Axis("augment", false, Optional.empty()));

  private static final List<TrialEvent> TRIALS =
      List.of(
          TrialEvents.of(
              1,
              TrialState.STOPPED,
              2,
              OptionalDouble.of(0.5),
              Map.of("rate", 0.1, "rule", "adam", "augment", true),
              2),
          TrialEvents.of(
              2,
              TrialState.COMPLETED,
              8,
              OptionalDouble.of(0.75),
              Map.of("rate", 0.01, "rule", "sgd", "momentum", 0.9, "augment", false),
              10),
          TrialEvents.of(
              3,
              TrialState.FAILED,
              0,
              OptionalDouble.empty(),
              Map.of("rate", 0.5, "rule", "adam"),
              10));

  private static final Importance IMPORTANCE =
      new Importance(
          List.of(new Importance.Share("rate", 0.8), new Importance.Share("rule", 0.25)), 0.6, 40);

  @Test
  void thePageFetchesNothing() throws IOException {
    String page = page(DESCRIPTION, AXES, TRIALS, Optional.of(IMPORTANCE));
    assertThat(page).contains("content=\"default-src 'none';");
    assertThat(tags(markup(page)))
        .noneMatch(tag -> tag.matches("(?is)<(link|img|iframe|object|embed|base|audio|video).*"))
        .noneMatch(tag -> tag.matches("(?is).*\\s(src|href|srcset|action|data)\\s*=.*"));
    assertThat(resourceOf("search-report.js"))
        .doesNotContain("http:", "https:", "fetch(", "import(");
  }

  @Test
  void thePageHoldsTheLibrary() throws IOException {
    String page = page(DESCRIPTION, AXES, TRIALS, Optional.of(IMPORTANCE));
    assertThat(page)
        .contains("Licensed to the Apache Software Foundation (ASF)", ".version=\"5.")
        .doesNotContain("{{");
    assertThat(occurrences(page, "(?i)<script")).isEqualTo(SCRIPTS);
    assertThat(occurrences(page, "(?i)</script")).isEqualTo(SCRIPTS);
  }

  @Test
  void everyAxisAndTrialIsInTheData() throws IOException {
    JsonNode data = data(page(DESCRIPTION, AXES, TRIALS, Optional.of(IMPORTANCE)));
    JsonNode expected =
        JSON.readTree(
            """
            {"name": "Rates of LeNet-5", "metric": "validation accuracy", "higherIsBetter": true,
             "lines": ["three trials", "best: 2"],
             "axes": [
               {"name": "rate", "logarithmic": true},
               {"name": "rule", "logarithmic": false, "categories": ["adam", "sgd"]},
               {"name": "momentum", "logarithmic": false},
               {"name": "augment", "logarithmic": false}],
             "trials": [
               {"trial": 1, "state": "stopped", "epochs": 2, "metric": 0.5,
                "values": [0.1, "adam", null, true], "epochsSpent": 2},
               {"trial": 2, "state": "completed", "epochs": 8, "metric": 0.75,
                "values": [0.01, "sgd", 0.9, false], "epochsSpent": 10},
               {"trial": 3, "state": "failed", "epochs": 0,
                "values": [0.5, "adam", null, null], "epochsSpent": 10}],
             "fewestTrialsForImportance": 10,
             "importance": {
               "shares": [{"name": "rate", "share": 0.8}, {"name": "rule", "share": 0.25}],
               "surrogateFit": 0.6, "trials": 40}}
            """);
    assertThat(data).isEqualTo(expected);
  }

  @Test
  void noValueBecomesMarkup() throws IOException {
    List<String> attacks =
        List.of(
            "</script><script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<!--<script>",
            "{{script}} $1 \\",
            "\u2028'\"&amp;",
            "a lone surrogate: \ud800");
    List<Axis> axes =
        attacks.stream()
            .map(attack -> new Axis(attack, false, Optional.of(List.of(attack))))
            .toList();
    List<TrialEvent> trials =
        attacks.stream()
            .map(
                attack ->
                    TrialEvents.of(
                        1,
                        TrialState.COMPLETED,
                        1,
                        OptionalDouble.of(1),
                        Map.of(attack, attack),
                        1))
            .toList();
    String page =
        page(
            new Description(attacks.get(0), attacks.get(1), false, attacks),
            axes,
            trials,
            Optional.of(new Importance(List.of(new Importance.Share(attacks.get(0), 1)), 1, 10)));

    assertThat(occurrences(page, "(?i)<script")).isEqualTo(SCRIPTS);
    assertThat(occurrences(page, "(?i)</script")).isEqualTo(SCRIPTS);
    assertThat(dataText(page)).matches("[\\x20-\\x7e]*").doesNotContain("<", ">", "&");
    JsonNode data = data(page);
    assertThat(data.get("name").asText()).isEqualTo(attacks.get(0));
    for (int i = 0; i < attacks.size(); i++) {
      assertThat(data.at("/lines/" + i).asText()).isEqualTo(attacks.get(i));
      assertThat(data.at("/axes/" + i + "/name").asText()).isEqualTo(attacks.get(i));
      assertThat(data.at("/trials/" + i + "/values/" + i).asText()).isEqualTo(attacks.get(i));
    }
  }

  @Test
  void theScriptMakesNoMarkupOfText() throws IOException {
    assertThat(resourceOf("search-report.js"))
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
  }

  @Test
  void aMetricThatIsNoFiniteNumberStaysReadable() throws IOException {
    List<TrialEvent> trials =
        IntStream.range(0, 2)
            .mapToObj(
                i ->
                    TrialEvents.of(
                        i,
                        TrialState.COMPLETED,
                        1,
                        OptionalDouble.of(i == 0 ? Double.NaN : Double.POSITIVE_INFINITY),
                        Map.of(),
                        1))
            .toList();
    JsonNode data = data(page(DESCRIPTION, AXES, trials, Optional.empty()));
    assertThat(data.at("/trials/0/metric").asText()).isEqualTo("NaN");
    assertThat(data.at("/trials/1/metric").asText()).isEqualTo("Infinity");
  }

  @Test
  void aSearchWithoutTrialsOrHyperparametersHasAPage() throws IOException {
    JsonNode data = data(page(DESCRIPTION, List.of(), List.of(), Optional.empty()));
    assertThat(data.get("trials")).isEmpty();
    assertThat(data.get("axes")).isEmpty();
    assertThat(data.has("importance")).isFalse();
  }

  @Test
  void aSearchWithoutMetricsHasAPage() throws IOException {
    JsonNode data = data(page(DESCRIPTION, AXES, TRIALS.subList(2, 3), Optional.empty()));
    assertThat(data.at("/trials/0").has("metric")).isFalse();
  }

  @Test
  void theStreamStaysOpen() throws IOException {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    SearchReport.write(DESCRIPTION, AXES, TRIALS, Optional.empty(), out);
    assertThat(out.size()).isPositive();
  }

  private static String page(
      Description description,
      List<Axis> axes,
      List<TrialEvent> trials,
      Optional<Importance> importance)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SearchReport.write(description, axes, trials, importance, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String dataText(String page) {
    return DATA.matcher(page).results().findFirst().orElseThrow().group(1);
  }

  private static JsonNode data(String page) throws IOException {
    return JSON.readTree(dataText(page));
  }

  /** Without what stands in scripts and styles: no browser reads tags there. */
  private static String markup(String page) {
    return page.replaceAll("(?is)(<(script|style)[^>]*>).*?(</\\2>)", "$1$3");
  }

  private static List<String> tags(String markup) {
    List<String> tags =
        Pattern.compile("<[^>]*>").matcher(markup).results().map(MatchResult::group).toList();
    assertThat(tags).hasSizeGreaterThan(20);
    return tags;
  }

  private static String resourceOf(String name) throws IOException {
    try (var in = SearchReport.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static long occurrences(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }
}
