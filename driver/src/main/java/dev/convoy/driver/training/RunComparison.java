package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.Text;
import dev.convoy.driver.report.AlignedText;
import dev.convoy.driver.report.Plot;
import dev.convoy.driver.report.Plot.Axis;
import dev.convoy.driver.report.Plot.Series;
import dev.convoy.driver.report.ReportPage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Runs side by side: what each has come to, in what their configurations differ, and their curves
 * over epochs. Driver only; immutable.
 */
public final class RunComparison {
  private static final ReportPage PAGE = new ReportPage(RunComparison.class, "run-comparison.html");

  /** Of a run's curve; several of one make a mean. */
  private static final int MOST_POINTS = 500;

  /** Nobody asks for fractions of it. */
  private static final double LARGE = 100;

  /** Where a run writes says nothing of what it is. */
  private static final Set<String> OF_THE_PLACE = Set.of("output", "name");

  private final List<RecordedRun> runs;

  /** How long the beginning is that all locations share, up to a name. */
  private final int shared;

  private RunComparison(List<RecordedRun> runs) {
    this.runs = List.copyOf(runs);
    this.shared = shared(runs.stream().map(RecordedRun::location).toList());
  }

  private static int shared(List<String> locations) {
    String first = locations.get(0);
    int same =
        locations.stream()
            .mapToInt(other -> Arrays.mismatch(first.toCharArray(), other.toCharArray()))
            .filter(difference -> difference >= 0)
            .min()
            .orElse(first.length());
    return first.substring(0, same).lastIndexOf('/') + 1;
  }

  /**
   * Reads what there is of the runs; nothing is written.
   *
   * @param locations of their directories, at least one
   * @throws dev.convoy.driver.configuration.ConfigurationException if one is not a run's directory
   */
  public static RunComparison of(List<String> locations, Configuration hadoop) {
    return new RunComparison(
        locations.stream().map(location -> RecordedRun.read(location, hadoop)).toList());
  }

  /** What is told of each run. */
  private record Figure(String name, Function<RecordedRun, Optional<Object>> value) {
    static Figure number(String name, Function<RecordedRun, JsonNode> node) {
      return new Figure(
          name,
          run ->
              Optional.of(node.apply(run)).filter(JsonNode::isNumber).map(JsonNode::numberValue));
    }
  }

  /** Those that any run has. */
  private List<Figure> figures() {
    return Stream.of(
            new Figure("run", run -> Optional.of(run.location())),
            new Figure("status", run -> Optional.of(run.status())),
            new Figure("epochs", run -> Optional.of(run.epochs())),
            new Figure("rounds", run -> Optional.of(run.roundCount())),
            Figure.number("best-epoch", run -> run.best().path("epoch")),
            Figure.number("validation-loss", run -> run.best().path("loss")),
            Figure.number("validation-accuracy", run -> run.best().path("accuracy")),
            Figure.number("validation-r2", run -> run.best().path("r2")),
            Figure.number("test-loss", run -> run.summary().path("test").path("loss")),
            Figure.number("test-accuracy", run -> run.summary().path("test").path("accuracy")),
            Figure.number("test-r2", run -> run.summary().path("test").path("r2")),
            Figure.number(
                "images-per-second",
                run -> run.summary().path("throughput").path("images-per-second")),
            Figure.number("seconds", run -> run.summary().path("throughput").path("seconds")))
        .filter(figure -> runs.stream().anyMatch(run -> figure.value().apply(run).isPresent()))
        .toList();
  }

  /** The figures as a table of text, a line a run behind the names of the figures. */
  public String table() {
    List<Figure> figures = figures();
    List<List<String>> lines =
        Stream.concat(
                Stream.of(figures.stream().map(Figure::name).toList()),
                runs.stream()
                    .map(
                        run ->
                            figures.stream()
                                .map(figure -> text(figure.value().apply(run)))
                                .toList()))
            .toList();
    return String.join("\n", AlignedText.lines(lines, /* left= */ figures.size()));
  }

  private static String text(Optional<Object> value) {
    return value
        .map(known -> known instanceof Double number ? rounded(number) : String.valueOf(known))
        .map(known -> known.replaceAll("\\p{Cntrl}", "?"))
        .orElse("-");
  }

  private static String rounded(double number) {
    return Math.abs(number) < LARGE ? Text.of("%.4f", number) : Text.of("%.0f", number);
  }

  /**
   * Writes the page, which needs nothing but itself. That of a single run has all curves of a
   * {@link TrainingReport}.
   *
   * @param out not closed
   * @throws IOException if it cannot be written
   */
  public void write(OutputStream out) throws IOException {
    if (runs.size() == 1) {
      RecordedRun run = runs.get(0);
      new TrainingReport(run.rounds(), run.evaluations()).write(run.location(), run.status(), out);
      return;
    }
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode data = json.objectNode();
    data.put("summary", Text.of("%,d runs side by side", runs.size()));
    putFigures(data);
    putDifferences(data);
    data.set("plots", Plot.toJson(plots()));
    PAGE.write(data, out);
  }

  /** Its location without what those of all begin with. */
  private String name(RecordedRun run) {
    return run.location().substring(shared);
  }

  private void putFigures(ObjectNode data) {
    List<Figure> figures = figures();
    figures.stream().map(Figure::name).forEach(data.putArray("figures")::add);
    ArrayNode rows = data.putArray("runs");
    for (RecordedRun run : runs) {
      ArrayNode row = rows.addArray().add(name(run));
      figures.stream()
          .skip(1)
          .forEach(figure -> row.addPOJO(figure.value().apply(run).orElse(null)));
    }
  }

  private void putDifferences(ObjectNode data) {
    ArrayNode rows = data.putArray("differences");
    for (String key : differences()) {
      ArrayNode row = rows.addArray().add(key);
      runs.forEach(run -> row.add(run.configuration().get(key)));
    }
  }

  /** The keys whose values are not the same in all runs. */
  private Set<String> differences() {
    Set<String> keys = new TreeSet<>();
    runs.forEach(run -> keys.addAll(run.configuration().keySet()));
    keys.removeAll(OF_THE_PLACE);
    keys.removeIf(
        key ->
            runs.stream()
                    .map(run -> Optional.ofNullable(run.configuration().get(key)))
                    .distinct()
                    .count()
                == 1);
    return keys;
  }

  private List<Plot> plots() {
    List<Curves> curves =
        runs.stream().map(run -> new Curves(name(run), run, run.epochsDone())).toList();
    return List.of(
        plot(curves, "Loss on training images", "loss", Curves::trainingLoss),
        plot(curves, "Loss on validation images", "loss", run -> run.ofEvaluations("loss")),
        plot(
            curves,
            "Gap: validation loss minus training loss",
            "gap",
            run -> run.ofEvaluations("gap")),
        plot(
            curves,
            "Accuracy on validation images",
            "accuracy",
            run -> run.ofEvaluations("accuracy")),
        plot(curves, "R² on validation images", "R²", run -> run.ofEvaluations("r2")));
  }

  private static Plot plot(
      List<Curves> curves, String title, String axis, Function<Curves, Series> curve) {
    return new Plot(
        title,
        Axis.linear("epochs"),
        Axis.linear(axis),
        curves.stream().map(curve).toList(),
        List.of());
  }

  /**
   * The curves of a run.
   *
   * @param epochs how many were done after each round
   */
  private record Curves(String name, RecordedRun run, Map<Long, Double> epochs) {
    Series trainingLoss() {
      return Series.of(
          name, run.rounds(), line -> epochs.get(line.round()), RoundLine::loss, MOST_POINTS);
    }

    Series ofEvaluations(String field) {
      return Series.of(
          name,
          run.evaluations(),
          line -> epochs.getOrDefault(line.path("round").asLong(), line.path("epoch").asDouble()),
          line -> line.path(field).asDouble(Double.NaN),
          MOST_POINTS);
    }
  }
}
