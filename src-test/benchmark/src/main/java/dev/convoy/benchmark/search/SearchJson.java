package dev.convoy.benchmark.search;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.benchmark.report.Json;
import dev.convoy.benchmark.report.Machine;
import dev.convoy.benchmark.search.Parallel.Times;
import dev.convoy.driver.search.StubSearch;
import java.util.List;

/** search.json: the machine, every sample, and the targets. */
final class SearchJson {
  private SearchJson() {}

  static ObjectNode of(Machine machine, SearchFindings findings) {
    ObjectNode report = Json.report(machine);
    findings.methods().ifPresent(methods -> put(report.putObject("methods"), methods));
    findings.parallel().ifPresent(parallel -> put(report.putObject("parallel"), parallel));
    findings.scheduling().ifPresent(measured -> put(report.putObject("scheduling"), measured));
    Json.putTargets(report, findings.targets());
    return report;
  }

  private static void put(ObjectNode node, Methods methods) {
    node.put("seeds", methods.seeds()).put("budget-epochs", methods.budget());
    ArrayNode rules = node.putArray("rules");
    for (Rule rule : methods.searches().keySet()) {
      ObjectNode entry = rules.addObject().put("early-termination", rule.key());
      Json.putWithQuartiles(entry, "best-validation-accuracy", methods.best(rule));
      Json.putWithQuartiles(entry, "share-of-budget-to-random-best", methods.shares(rule));
      entry.put("seeds-within-a-third", methods.timesWithinAThird(rule));
      Json.put(entry, "trials", methods.trials(rule));
      Json.put(entry, "epochs", methods.epochs(rule));
      ArrayNode curves = entry.putArray("best-so-far");
      methods.searches().get(rule).forEach(journal -> putSteps(curves.addArray(), journal));
    }
  }

  private static void putSteps(ArrayNode curve, SearchRecord journal) {
    journal.steps().forEach(step -> curve.addArray().add(step.epochs()).add(step.accuracy()));
  }

  private static void put(ObjectNode node, Parallel parallel) {
    put(node.putObject("one-by-one"), parallel.oneByOne());
    put(node.putObject("two-at-once"), parallel.twoAtOnce());
    node.putObject("ratio")
        .put("trials", parallel.ratio(Times::trialsSeconds))
        .put("search", parallel.ratio(Times::searchSeconds))
        .put("process", parallel.ratio(Times::processSeconds));
  }

  private static void put(ObjectNode node, List<Times> searches) {
    Json.put(node, "trials-seconds", Parallel.seconds(searches, Times::trialsSeconds));
    Json.put(node, "search-seconds", Parallel.seconds(searches, Times::searchSeconds));
    Json.put(node, "process-seconds", Parallel.seconds(searches, Times::processSeconds));
  }

  private static void put(ObjectNode node, Scheduling scheduling) {
    Scheduling.Sleeping sleeping = scheduling.sleeping();
    ObjectNode timed = node.putObject("sleeping");
    timed
        .put("trials", sleeping.trials())
        .put("parallel-trials", sleeping.parallelTrials())
        .put("trial-seconds", sleeping.trialSeconds())
        .put("ideal-seconds", sleeping.idealSeconds());
    put(timed, sleeping.times());
    timed.put("overhead", sleeping.overhead());
    Scheduling.Instant instant = scheduling.instant();
    ObjectNode untimed = node.putObject("instant").put("trials", instant.trials());
    put(untimed, instant.times());
    ArrayNode heap = untimed.putArray("heap");
    instant
        .heap()
        .forEach(look -> heap.addObject().put("trials", look.trials()).put("bytes", look.bytes()));
    untimed.put("heap-bytes-per-trial", instant.bytesPerTrial());
  }

  private static void put(ObjectNode node, StubSearch.Times times) {
    node.put("search-seconds", times.searchSeconds()).put("report-seconds", times.reportSeconds());
  }
}
