package dev.convoy.driver.command;

import dev.convoy.data.Text;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.OutputFile;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.StandardOutput;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.RunComparison;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code convoy report}. */
@Command(
    name = "report",
    description = {
      "Draw the curves of a run, or put several side by side: what each has come to, in what their"
          + " configurations differ, and their curves. They may have ended or go on.",
      "",
      "What they have come to goes to standard output, and all of it to a page of HTML. Nothing is"
          + " written to the runs' directories."
    },
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  /** More curves in a plot cannot be told from each other, and take a while to draw. */
  private static final int MAX_RUNS = 200;

  private static final String SETTINGS = "spark.";

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR spark.conf.KEY=value",
      description =
          "Directories of runs, of searches or ensembles, whose trials or members are meant, or with"
              + " runs in them; then settings of Spark that lead there.")
  private List<String> arguments;

  @Option(
      names = "--output",
      defaultValue = "report.html",
      paramLabel = "FILE",
      description =
          "The page, ${DEFAULT-VALUE} by default; replaced if it is there. - is stdout, and what the"
              + " runs have come to goes to stderr then.")
  private String output;

  @Override
  public Integer call() {
    Map<Boolean, List<String>> bySetting =
        arguments.stream().collect(Collectors.partitioningBy(ReportCommand::isSetting));
    Configuration hadoop =
        ImageLocations.hadoop(
            WrittenConfiguration.ofOverrides(bySetting.get(true)).sparkSettings());
    OutputFile file = OutputFile.at(output, "--output", hadoop);
    List<String> locations =
        bySetting.get(false).stream()
            .map(ReportCommand::withoutEnd)
            .flatMap(location -> RunDirectory.locations(location, hadoop).stream())
            .distinct()
            .toList();
    if (locations.isEmpty()) {
      throw new UsageException("expected the directory of a run");
    }
    if (locations.size() > MAX_RUNS) {
      throw new UsageException(
          Text.of(
              "expected at most %d runs, found %,d: name those that are to be compared",
              MAX_RUNS, locations.size()));
    }
    RunComparison comparison = RunComparison.of(locations, hadoop);
    Progress progress = ConfiguredCommand.progress();
    file.write(comparison::write);
    if (output.equals("-")) {
      comparison.table().lines().forEach(progress::say);
    } else {
      StandardOutput.results().println(comparison.table());
    }
    progress.say("drew them in " + file.name());
    return ExitCode.DONE;
  }

  private static boolean isSetting(String argument) {
    return argument.startsWith(SETTINGS) && argument.indexOf('=') > 0;
  }

  private static String withoutEnd(String location) {
    return location.length() > 1 && location.endsWith("/")
        ? location.substring(0, location.length() - 1)
        : location;
  }
}
