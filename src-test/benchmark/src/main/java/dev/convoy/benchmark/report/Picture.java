package dev.convoy.benchmark.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.Chart;

/** A chart as a PNG. */
public final class Picture {
  private Picture() {}

  /**
   * Draws and writes a chart, or says why this Java cannot.
   *
   * @param messages where it is said
   */
  public static void write(Path file, Supplier<? extends Chart<?, ?>> chart, PrintStream messages)
      throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      ChartEncoder.saveChart(chart.get(), out, "png");
    } catch (LinkageError | RuntimeException e) {
      // Java without fonts fails in many ways.
      Files.delete(file);
      messages.println("skipped: " + file.getFileName() + ": this Java cannot draw: " + e);
    }
  }
}
