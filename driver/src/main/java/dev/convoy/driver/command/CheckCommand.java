package dev.convoy.driver.command;

import dev.convoy.driver.check.CheckResult;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.CheckDirectory;
import dev.convoy.driver.directory.StandardOutput;
import dev.convoy.driver.report.Progress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code convoy check}. */
@Command(
    name = "check",
    customSynopsis = {CheckCommand.SYNOPSIS, ""},
    description = {
      "Look for mistakes in images, network and settings, minutes before hours of training: a"
          + " verdict a line, with what was expected and what to do.",
      "",
      "It runs on this machine alone, on a sample of the images, and writes report.html and"
          + " verdicts.json. Exit code 4 if something is found."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand extends ConfiguredCommand {
  static final String SYNOPSIS = "convoy check CONF [key.path=value …] [--images N] [--output DIR]";

  private static final int LEAST_IMAGES = 32;
  private static final int MOST_IMAGES = 1_000_000;

  @Option(
      names = "--images",
      defaultValue = "2000",
      paramLabel = "N",
      description =
          "How many training images to look at, ${DEFAULT-VALUE} by default, and half as many of"
              + " validation.")
  private int images;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where the report goes; by default beside the run: output, and -check.")
  private String output;

  @Override
  String synopsis() {
    return SYNOPSIS;
  }

  @Override
  int run(RunConfiguration configuration) {
    configuration.data().requireClasses("check");
    UsageException.requireRange("--images", images, LEAST_IMAGES, MOST_IMAGES);
    Progress progress = progress();
    Configuration hadoop = ImageLocations.hadoop(configuration.spark().settings());
    CheckDirectory directory =
        Optional.ofNullable(output)
            .map(location -> CheckDirectory.at(location, hadoop))
            .orElseGet(() -> CheckDirectory.beside(configuration.output(), hadoop));
    directory.prepare();
    configuration.accelerator().instructionSet().impose();
    CheckResult result =
        CheckResult.of(configuration, images, hadoop, progress, StandardOutput.results()::println);
    directory.write("report.html", result::writeReport);
    directory.write(
        "verdicts.json",
        out ->
            out.write((result.toJson().toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8)));
    progress.say(result.summary());
    progress.say("report: " + directory.location() + "/report.html");
    return result.found().isEmpty() ? ExitCode.DONE : ExitCode.FOUND;
  }
}
