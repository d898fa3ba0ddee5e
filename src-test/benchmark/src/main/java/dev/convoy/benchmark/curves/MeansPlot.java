package dev.convoy.benchmark.curves;

import dev.convoy.benchmark.BenchmarkException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Means over seeds, drawn over the values of one key: a line for each combination of the other
 * values, whose colour is that of the first of them, and whose dashes are those of the rest.
 */
final class MeansPlot {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 600;
  private static final float LINE_WIDTH = 2;

  /** Values that lie further apart than this are drawn by their logarithms. */
  private static final double LOGARITHMIC = 16;

  private static final List<float[]> DASHES =
      List.of(
          new float[] {1, 0}, new float[] {8, 5}, new float[] {2, 4}, new float[] {10, 4, 2, 4});

  private MeansPlot() {}

  /**
   * Draws groups.
   *
   * @param over the key whose values the horizontal axis has
   * @throws BenchmarkException if these are not numbers in at least one group
   */
  static XYChart of(List<SeedMeans> groups, String over) {
    Map<String, List<SeedMeans>> lines = new LinkedHashMap<>();
    for (SeedMeans group : groups) {
      if (group.values().containsKey(over) && group.metrics().getN() > 0) {
        lines.computeIfAbsent(group.label(over), label -> new ArrayList<>()).add(group);
      }
    }
    if (lines.isEmpty()) {
      throw new BenchmarkException(
          "Cannot draw means over "
              + over
              + ": expected a key in which trials differ, such as "
              + groups.stream()
                  .flatMap(group -> group.values().keySet().stream())
                  .distinct()
                  .toList()
              + ".");
    }
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Means over seeds; bars: one standard deviation")
            .xAxisTitle(over)
            .yAxisTitle("best validation metric")
            .build();
    chart
        .getStyler()
        .setXAxisDecimalPattern("#.######")
        .setLegendPosition(LegendPosition.OutsideE)
        .setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisLogarithmic(isWide(lines, over));
    Styles styles = new Styles(over);
    lines.forEach((label, line) -> add(chart, label, line, over, styles));
    return chart;
  }

  private static boolean isWide(Map<String, List<SeedMeans>> lines, String over) {
    double[] sorted =
        lines.values().stream()
            .flatMap(List::stream)
            .mapToDouble(group -> number(group, over))
            .sorted()
            .toArray();
    return sorted[0] > 0 && sorted[sorted.length - 1] / sorted[0] > LOGARITHMIC;
  }

  private static double number(SeedMeans group, String over) {
    try {
      return Double.parseDouble(group.values().get(over));
    } catch (NumberFormatException e) {
      throw new BenchmarkException(
          "Cannot draw means over " + over + ": expected numbers, found " + e.getMessage() + ".",
          e);
    }
  }

  private static void add(
      XYChart chart, String label, List<SeedMeans> line, String over, Styles styles) {
    List<SeedMeans> sorted =
        line.stream().sorted(Comparator.comparingDouble(group -> number(group, over))).toList();
    chart
        .addSeries(
            label,
            sorted.stream().mapToDouble(group -> number(group, over)).toArray(),
            sorted.stream().mapToDouble(SeedMeans::mean).toArray(),
            sorted.stream().mapToDouble(SeedMeans::deviation).toArray())
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(styles.color(sorted.get(0)))
        .setLineColor(styles.color(sorted.get(0)))
        .setLineStyle(styles.stroke(sorted.get(0)));
  }

  /** Colours and dashes, in the order in which they are first asked for. */
  private static final class Styles {
    private final String over;
    private final List<String> colored = new ArrayList<>();
    private final List<String> dashed = new ArrayList<>();

    Styles(String over) {
      this.over = over;
    }

    Color color(SeedMeans group) {
      return CurvesPlot.color(index(colored, others(group).stream().limit(1).toList()));
    }

    BasicStroke stroke(SeedMeans group) {
      int index = index(dashed, others(group).stream().skip(1).toList());
      return new BasicStroke(
          LINE_WIDTH,
          BasicStroke.CAP_BUTT,
          BasicStroke.JOIN_ROUND,
          1,
          DASHES.get(index % DASHES.size()),
          0);
    }

    private List<String> others(SeedMeans group) {
      return group.values().entrySet().stream()
          .filter(value -> !value.getKey().equals(over))
          .map(Map.Entry::getValue)
          .toList();
    }

    private static int index(List<String> known, List<String> values) {
      String name = String.join(", ", values);
      if (!known.contains(name)) {
        known.add(name);
      }
      return known.indexOf(name);
    }
  }
}
