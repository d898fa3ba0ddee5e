package dev.convoy.driver.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.ChangedImagesException;
import dev.convoy.driver.directory.RunsDirectory;
import dev.convoy.driver.report.Progress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that make several runs share: an experiment, or a directory to go on with. */
final class RunsArguments {
  @Parameters(
      index = "0..*",
      arity = "0..*",
      paramLabel = "CONF key.path=value",
      description = "The experiment, then what differs from it.")
  private List<String> arguments = List.of();

  @Option(
      names = "--overwrite",
      description = "Throw away what the output directory holds of something different.")
  private boolean overwrite;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Go on with what is in this directory; needs no CONF.")
  private String resumed;

  @Option(
      names = "--extend",
      paramLabel = "N",
      description = "Add so many runs to those that have ended; before that it changes nothing.")
  private Integer extension;

  /**
   * How many runs to add.
   *
   * @throws UsageException if it is none
   */
  OptionalInt extension() {
    if (extension == null) {
      return OptionalInt.empty();
    }
    if (extension < 1) {
      throw new UsageException("--extend " + extension + ": expected a number of at least 1");
    }
    return OptionalInt.of(extension);
  }

  /** Whether to throw away what the output directory holds of something different. */
  boolean overwrites(RunConfiguration example) {
    return overwrite || example.overwrite();
  }

  /**
   * Trains the runs, which can be gone on with. Where those that are there are of other images and
   * may be overwritten, all begin anew.
   *
   * @param work returns the summary
   */
  JsonNode train(
      RunConfiguration example,
      RunsDirectory directory,
      Progress progress,
      Supplier<JsonNode> work) {
    return Interruption.resumable(
        directory.location(), progress, () -> onSameImages(example, directory, progress, work));
  }

  private JsonNode onSameImages(
      RunConfiguration example,
      RunsDirectory directory,
      Progress progress,
      Supplier<JsonNode> work) {
    try {
      return work.get();
    } catch (ChangedImagesException e) {
      if (!overwrites(example)) {
        throw e;
      }
      progress.say("what " + directory.location() + " holds is of other images and begun anew");
      directory.discard();
      return work.get();
    }
  }

  /**
   * The experiment.
   *
   * @param synopsis of the command, for those who gave nothing
   * @param existing opens the directory to go on with
   */
  WrittenConfiguration written(
      String synopsis, BiFunction<String, Configuration, ? extends RunsDirectory> existing) {
    if (resumed != null) {
      return held(resumed, existing);
    }
    if (arguments.isEmpty()) {
      throw new UsageException("expected " + synopsis);
    }
    return WrittenConfiguration.read(arguments.get(0), arguments.subList(1, arguments.size()));
  }

  private WrittenConfiguration held(
      String location, BiFunction<String, Configuration, ? extends RunsDirectory> existing) {
    try (RunsDirectory directory = existing.apply(location, ImageLocations.hadoop(Map.of()))) {
      return held(directory).with(arguments);
    }
  }

  /** What a directory holds of its experiment. */
  static WrittenConfiguration held(RunsDirectory directory) {
    return WrittenConfiguration.held(directory.configuration(), directory.location());
  }

  /** What differs from the experiment, where it is not given but found. */
  List<String> overrides() {
    return arguments;
  }
}
