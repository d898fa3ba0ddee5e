package dev.convoy.benchmark.report;

import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.compare.Peer;
import java.awt.Color;
import java.util.List;
import java.util.OptionalDouble;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * benchmark.png: for each task a group of bars, one bar a peer, in multiples of the best PyTorch;
 * where that is not known, of Convoy.
 */
public final class Plot {
  private static final int WIDTH = 1600;
  private static final int HEIGHT = 900;
  private static final int LABEL_DEGREES = 30;

  private Plot() {}

  /** Draws the speeds; needs at least one. */
  public static CategoryChart of(Results results) {
    List<Task> tasks = results.tasks();
    boolean toPyTorch = tasks.stream().allMatch(task -> results.bestPyTorch(task).isPresent());
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Images per second on two threads, medians")
            .yAxisTitle(toPyTorch ? "best PyTorch = 1" : "Convoy = 1")
            .build();
    chart
        .getStyler()
        .setXAxisLabelRotation(LABEL_DEGREES)
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setChartBackgroundColor(Color.WHITE);
    for (Peer peer : Peer.values()) {
      if (tasks.stream().anyMatch(task -> results.median(task, peer).isPresent())) {
        chart.addSeries(
            peer.toString(),
            tasks.stream().map(Task::toString).toList(),
            tasks.stream().map(task -> height(results, task, peer, toPyTorch)).toList());
      }
    }
    return chart;
  }

  private static double height(Results results, Task task, Peer peer, boolean toPyTorch) {
    OptionalDouble one = toPyTorch ? results.bestPyTorch(task) : results.median(task, Peer.CONVOY);
    return results.median(task, peer).orElse(0) / one.orElse(Double.POSITIVE_INFINITY);
  }
}
