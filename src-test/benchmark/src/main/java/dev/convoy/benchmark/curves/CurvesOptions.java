package dev.convoy.benchmark.curves;

import dev.convoy.benchmark.report.Picture;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which curves are drawn, on the command line. */
public final class CurvesOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--search",
      paramLabel = "DIR",
      description = "the directory of the search whose curves are drawn")
  private Path search;

  @Option(
      names = "--trials",
      split = ",",
      paramLabel = "NUMBERS",
      description = "trials whose curves are drawn; default: all")
  private List<Integer> trials = List.of();

  /**
   * Draws the curves, as curves.png.
   *
   * @param messages where it is said if this Java cannot draw
   * @throws ParameterException if no search was given
   * @throws IOException if the picture cannot be written
   */
  public void draw(Path directory, PrintStream messages) throws IOException {
    if (search == null) {
      throw new ParameterException(
          spec.commandLine(), "expected --search DIR beside curves, found none");
    }
    List<LearningCurves> curves = LearningCurves.read(search, trials);
    Picture.write(directory.resolve("curves.png"), () -> CurvesPlot.of(curves), messages);
    messages.println("written to " + directory.resolve("curves.png"));
  }
}
