package dev.convoy.benchmark.search;

import dev.convoy.benchmark.search.Methods.Band;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * search-methods.png: the best accuracy so far against the epochs spent, a curve for each rule; the
 * median over seeds, and between the quartiles a band.
 */
final class MethodsPlot {
  private static final int WIDTH = 1600;
  private static final int HEIGHT = 900;
  private static final float LINE_WIDTH = 3;
  private static final int BAND_ALPHA = 50;
  private static final Color INVISIBLE = new Color(0, 0, 0, 0);

  /** Told apart by those who see fewer colours too (Okabe and Ito 2008). */
  private static final Map<Rule, Color> COLORS =
      Map.of(
          Rule.RANDOM, new Color(0x000000),
          Rule.ASHA, new Color(0x0072B2),
          Rule.HYPERBAND, new Color(0xD55E00));

  private MethodsPlot() {}

  static XYChart of(Methods methods) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(
                String.format(
                    Locale.ROOT,
                    "Searches on MNIST: best so far, median and quartiles, seeds 1 to %d",
                    methods.seeds()))
            .xAxisTitle("epochs spent by all trials together")
            .yAxisTitle("validation accuracy")
            .build();
    chart
        .getStyler()
        .setXAxisMin(0.0)
        .setXAxisMax((double) methods.budget())
        .setYAxisMin(floor(methods))
        .setLegendPosition(LegendPosition.InsideSE)
        .setChartBackgroundColor(Color.WHITE);
    methods.searches().keySet().forEach(rule -> addBand(chart, rule, methods.bands(rule)));
    methods.searches().keySet().forEach(rule -> addMedian(chart, rule, methods.bands(rule)));
    return chart;
  }

  /**
   * Where the picture begins: what is below it after a quarter of the budget would leave no room to
   * tell the curves apart above.
   */
  private static double floor(Methods methods) {
    return methods.searches().keySet().stream()
        .flatMap(rule -> methods.bands(rule).stream())
        .filter(band -> band.epochs() >= methods.budget() / 4)
        .mapToDouble(Band::lower)
        .min()
        .orElse(0);
  }

  private static void addBand(XYChart chart, Rule rule, List<Band> bands) {
    List<Double> across = new ArrayList<>(epochs(bands));
    List<Double> up = new ArrayList<>(levels(bands, Band::upper));
    across.addAll(reversed(epochs(bands)));
    up.addAll(reversed(levels(bands, Band::lower)));
    Color color = COLORS.get(rule);
    chart
        .addSeries(rule + ", quartiles", across, up)
        .setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(INVISIBLE)
        .setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_ALPHA))
        .setShowInLegend(false);
  }

  private static void addMedian(XYChart chart, Rule rule, List<Band> bands) {
    chart
        .addSeries(rule.toString(), epochs(bands), levels(bands, Band::median))
        .setXYSeriesRenderStyle(XYSeriesRenderStyle.Line)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(COLORS.get(rule))
        .setLineStyle(new BasicStroke(LINE_WIDTH));
  }

  /** Where each step begins and ends: what was best stays so until something better is found. */
  private static List<Double> epochs(List<Band> bands) {
    double last = bands.get(bands.size() - 1).epochs();
    return bands.stream()
        .flatMap(band -> Stream.of((double) band.epochs(), Math.min(band.epochs() + 1.0, last)))
        .toList();
  }

  private static List<Double> levels(List<Band> bands, Function<Band, Double> level) {
    return bands.stream().map(level).flatMap(value -> Stream.of(value, value)).toList();
  }

  private static List<Double> reversed(List<Double> values) {
    List<Double> copy = new ArrayList<>(values);
    Collections.reverse(copy);
    return copy;
  }
}
