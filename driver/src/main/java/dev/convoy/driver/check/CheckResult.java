package dev.convoy.driver.check;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.Text;
import dev.convoy.driver.check.Verdict.State;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.report.ReportPage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/** The verdicts of all checks on a run. Driver only. */
public final class CheckResult {
  private static final ReportPage PAGE = new ReportPage(CheckResult.class, "check-report.html");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String name;
  private final Map<Check, Verdict> verdicts;

  private CheckResult(String name, Map<Check, Verdict> verdicts) {
    this.name = name;
    this.verdicts = verdicts;
  }

  /**
   * Looks at a run.
   *
   * @param images how many training images to look at, at most
   * @param line is told each verdict as soon as there is one
   * @throws dev.convoy.data.DataException if the images are not there or cannot be used
   */
  public static CheckResult of(
      RunConfiguration configuration,
      int images,
      Configuration hadoop,
      Progress progress,
      Consumer<String> line) {
    Map<Check, Verdict> verdicts = new LinkedHashMap<>();
    try (CheckedRun run = CheckedRun.open(configuration, images, hadoop, progress)) {
      for (Check check : Checks.ALL) {
        Verdict verdict = check.look(run);
        verdicts.put(check, verdict);
        line.accept(verdict.line(check.name()));
      }
    }
    return new CheckResult(configuration.name(), verdicts);
  }

  /** The names of the checks that have found something. */
  public List<String> found() {
    return verdicts.entrySet().stream()
        .filter(entry -> entry.getValue().isFound())
        .map(entry -> entry.getKey().name())
        .toList();
  }

  /** How it ends, in a sentence. */
  public String summary() {
    long unclear = verdicts.values().stream().filter(one -> one.state() == State.UNCLEAR).count();
    String rest = unclear == 0 ? "" : Text.of("; %d could not be told", unclear);
    return found().isEmpty()
        ? Text.of("nothing found by %d checks%s", verdicts.size(), rest)
        : Text.of(
            "found by %d of %d checks: %s%s",
            found().size(), verdicts.size(), String.join(", ", found()), rest);
  }

  /** The verdicts for other programs. */
  public ObjectNode toJson() {
    ObjectNode node = JSON.objectNode().put("name", name);
    ArrayNode all = node.putArray("checks");
    verdicts.forEach(
        (check, verdict) ->
            all.addObject()
                .put("check", check.name())
                .put("verdict", verdict.state().word())
                .put("figure", verdict.figure())
                .put("expected", verdict.expected())
                .put("advice", verdict.advice()));
    return node;
  }

  /**
   * Writes the verdicts and their plots as a page of HTML that needs nothing but itself.
   *
   * @param out not closed
   * @throws IOException if it cannot be written
   */
  public void writeReport(OutputStream out) throws IOException {
    ObjectNode data = toJson().put("summary", summary());
    int at = 0;
    for (Map.Entry<Check, Verdict> entry : verdicts.entrySet()) {
      ObjectNode node = (ObjectNode) data.path("checks").get(at++);
      node.put("meaning", entry.getKey().meaning()).put("source", entry.getKey().source());
      ArrayNode plots = node.putArray("plots");
      entry.getValue().plots().forEach(plot -> plots.add(plot.toJson()));
    }
    PAGE.write(data, out);
  }
}
