package dev.convoy.benchmark.curves;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.SortedMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A colour for each trial: dashed the loss of training images, drawn through that of others. */
final class CurvesPlot {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 600;
  private static final float LINE_WIDTH = 2.5f;
  private static final float[] DASHES = {8, 6};

  /** Told apart by those who see fewer colours too (Okabe and Ito 2008). */
  private static final List<Color> COLORS =
      List.of(
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0x56B4E9),
          new Color(0xE69F00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0x000000));

  private CurvesPlot() {}

  /** One of them, which begin anew after the last. */
  static Color color(int index) {
    return COLORS.get(index % COLORS.size());
  }

  static XYChart of(List<LearningCurves> trials) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Dashed: training images, as they were augmented; solid: held out images")
            .xAxisTitle("passes over the training images")
            .yAxisTitle("mean loss, nats")
            .build();
    chart
        .getStyler()
        .setXAxisDecimalPattern("0")
        .setLegendPosition(LegendPosition.InsideNE)
        .setChartBackgroundColor(Color.WHITE);
    for (int i = 0; i < trials.size(); i++) {
      LearningCurves trial = trials.get(i);
      Color color = color(i);
      add(chart, trial.label(), trial.heldOut(), color).setLineStyle(new BasicStroke(LINE_WIDTH));
      add(chart, trial.label() + ", training", trial.training(), color)
          .setLineStyle(
              new BasicStroke(
                  LINE_WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, DASHES, 0))
          .setShowInLegend(false);
    }
    return chart;
  }

  private static XYSeries add(
      XYChart chart, String name, SortedMap<Integer, Double> curve, Color color) {
    XYSeries series =
        chart.addSeries(name, List.copyOf(curve.keySet()), List.copyOf(curve.values()));
    series.setMarker(SeriesMarkers.NONE).setLineColor(color);
    return series;
  }
}
