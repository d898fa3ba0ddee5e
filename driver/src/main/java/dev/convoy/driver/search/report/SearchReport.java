package dev.convoy.driver.search.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.report.ReportPage;
import dev.convoy.driver.trial.TrialEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * A search as one page of HTML: the best metric over epochs spent, the metric against every
 * hyperparameter, all of them side by side, their importance, and the trials. The page needs
 * nothing but itself: it holds Apache ECharts, and forbids the browser to fetch anything.
 */
public final class SearchReport {
  private static final ReportPage PAGE = new ReportPage(SearchReport.class, "search-report.html");
  private static final ObjectMapper JSON = new ObjectMapper();

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
      List<TrialEvent> trials,
      Optional<Importance> importance,
      OutputStream out)
      throws IOException {
    PAGE.write(data(description, axes, trials, importance), out);
  }

  private static ObjectNode data(
      Description description,
      List<Axis> axes,
      List<TrialEvent> trials,
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
    data.put("fewestTrialsForImportance", Importance.MIN_TRIALS);
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
  private static ObjectNode node(List<Axis> axes, TrialEvent trial) {
    ObjectNode node = JSON.createObjectNode();
    node.put("trial", trial.trial());
    node.put("state", trial.result().state().key());
    node.put("epochs", trial.result().epochs());
    trial.result().score().metric().ifPresent(metric -> node.put("metric", metric));
    ArrayNode values = node.putArray("values");
    axes.forEach(axis -> values.addPOJO(trial.values().get(axis.name())));
    node.put("epochsSpent", trial.clock().epochsSpent());
    return node;
  }
}
