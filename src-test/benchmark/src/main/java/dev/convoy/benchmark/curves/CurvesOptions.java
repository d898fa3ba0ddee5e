package dev.convoy.benchmark.curves;

import dev.convoy.benchmark.report.Picture;
import dev.convoy.benchmark.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which trials are drawn and how, on the command line. */
public final class CurvesOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--search",
      paramLabel = "DIR",
      description = "the directory of the search that curves and means are of")
  private Path search;

  @Option(
      names = "--trials",
      split = ",",
      paramLabel = "NUMBERS",
      description = "trials whose curves are drawn; default: all")
  private List<Integer> trials = List.of();

  @Option(
      names = "--runs",
      split = ",",
      paramLabel = "DIRS",
      description = "directories of runs whose curves are drawn, in place of a search's trials")
  private List<Path> runs = List.of();

  @Option(
      names = "--over",
      paramLabel = "KEY",
      description = "the key over whose values means are drawn; default: they are not drawn")
  private String over;

  /**
   * Draws the curves, as curves.png.
   *
   * @param messages where it is said if this Java cannot draw
   * @throws ParameterException if neither a search nor runs were given
   * @throws IOException if the picture cannot be written
   */
  public void draw(Path directory, PrintStream messages) throws IOException {
    if (runs.isEmpty()) {
      requireSearch("curves");
    }
    List<LearningCurves> curves =
        runs.isEmpty()
            ? LearningCurves.read(search, trials)
            : runs.stream().map(LearningCurves::ofRun).toList();
    Picture.write(directory.resolve("curves.png"), () -> CurvesPlot.of(curves), messages);
    messages.println("written to " + directory.resolve("curves.png"));
  }

  /**
   * Prints the means over seeds, and draws them, as means.png, if it was said over what.
   *
   * @param messages where it is said if this Java cannot draw
   * @throws ParameterException if no search was given
   * @throws IOException if the picture cannot be written
   */
  public void average(Path directory, PrintStream results, PrintStream messages)
      throws IOException {
    requireSearch("means");
    List<SeedMeans> means = SeedMeans.of(RecordedTrial.read(search).values());
    results.print(Table.columns(SeedMeans.table(means)));
    if (over != null) {
      XYChart chart = MeansPlot.of(means, over);
      Picture.write(directory.resolve("means.png"), () -> chart, messages);
      messages.println("written to " + directory.resolve("means.png"));
    }
  }

  private void requireSearch(String part) {
    if (search == null) {
      throw new ParameterException(
          spec.commandLine(),
          "expected --search DIR"
              + (part.equals("curves") ? " or --runs DIRS" : "")
              + " beside "
              + part
              + ", found none");
    }
  }
}
