package dev.convoy.driver.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import dev.convoy.data.Text;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.configuration.RunsDefinition;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.ChangedImagesException;
import dev.convoy.driver.directory.ChangedInputException;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.DirectoryLock;
import dev.convoy.driver.directory.RunsDirectory;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.directory.StandardOutput;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.report.Terminal;
import dev.convoy.driver.trial.TrialsStatus;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A command that makes several runs, of an experiment or of what is in a directory.
 *
 * @param <T> what is to be made
 * @param <D> where
 */
abstract class RunsCommand<T extends RunsDefinition, D extends RunsDirectory>
    implements Callable<Integer> {
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";
  private static final long PAUSE_MILLIS = 2000;

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

  @Option(
      names = "--status",
      paramLabel = "DIR",
      description = "Show how far what is in this directory is; live on a terminal.")
  private String observed;

  private final String noun;
  private final String synopsis;
  private final Function<WrittenConfiguration, T> definition;
  private final UnaryOperator<String> identityOf;
  private final Opening<D> opening;
  private final BiFunction<String, Configuration, D> existing;

  /** Creates or opens a directory. */
  interface Opening<D> {
    D open(DirectoryClaim claim, Configuration hadoop, Runnable beforeWriting);
  }

  /**
   * A command.
   *
   * @param noun what it makes, for people
   * @param synopsis for those who gave nothing
   * @param definition of what was written
   * @param identityOf a configuration that a directory holds
   * @param opening creates or opens a directory
   * @param existing opens one that is there
   */
  RunsCommand(
      String noun,
      String synopsis,
      Function<WrittenConfiguration, T> definition,
      UnaryOperator<String> identityOf,
      Opening<D> opening,
      BiFunction<String, Configuration, D> existing) {
    this.noun = noun;
    this.synopsis = synopsis;
    this.definition = definition;
    this.identityOf = identityOf;
    this.opening = opening;
    this.existing = existing;
  }

  /** Takes in what the directory holds; what asks for more than that opens it again. */
  abstract T withWhatIsHeld(T given, D directory, OptionalInt extension);

  /** Trains the runs; returns the summary. */
  abstract JsonNode run(SparkCluster cluster, T definition, D directory, Progress progress);

  /** What to say if nothing was trained with success; empty if something was. */
  abstract String failure(JsonNode summary);

  @Override
  public Integer call() {
    if (observed != null) {
      return showStatus(observed);
    }
    if (extension != null && extension < 1) {
      throw new UsageException("--extend " + extension + ": expected a number of at least 1");
    }
    OptionalInt added = extension == null ? OptionalInt.empty() : OptionalInt.of(extension);
    T given = definition.apply(written());
    Progress progress = ConfiguredCommand.progress();
    given.warning().ifPresent(progress::say);
    RunConfiguration example = given.example();
    boolean overwrites = overwrite || example.overwrite();
    Configuration hadoop = ImageLocations.hadoop(example.spark().settings());
    try (DirectoryLock lock = DirectoryLock.acquire(example.output(), hadoop, noun);
        D directory =
            opening.open(
                new DirectoryClaim(example.output(), given.text(), overwrites, identityOf),
                hadoop,
                lock::checkHeld)) {
      T whole = withWhatIsHeld(given, directory, added);
      JsonNode summary =
          directory
              .summary()
              .filter(before -> !overwrites)
              .map(before -> ended(before, directory, progress))
              .orElseGet(() -> train(whole, directory, overwrites, progress));
      StandardOutput.results().println(summary.toPrettyString());
      progress.say(noun + " directory: " + directory.location());
      String failure = failure(summary);
      if (failure.isEmpty()) {
        return ExitCode.DONE;
      }
      progress.say(failure);
      return ExitCode.TRAINING;
    }
  }

  private JsonNode ended(JsonNode summary, D directory, Progress progress) {
    progress.say(
        Text.of(
            "this %s has ended before; its summary follows (--extend N adds to it; to make it anew,"
                + " remove %s)",
            noun, directory.location()));
    return summary;
  }

  /** Where the runs that are there are of something else and may be overwritten, all begin anew. */
  private JsonNode train(T whole, D directory, boolean overwrites, Progress progress) {
    try (SparkCluster cluster = SparkCluster.start(whole.example(), progress)) {
      return Interruption.resumable(
          directory.location(),
          progress,
          () -> {
            try {
              return run(cluster, whole, directory, progress);
            } catch (ChangedInputException e) {
              if (!overwrites) {
                throw e;
              }
              progress.say(
                  Text.of(
                      "what %s holds is of %s and begun anew",
                      directory.location(),
                      e instanceof ChangedImagesException ? "other images" : "another model"));
              directory.discard();
              return run(cluster, whole, directory, progress);
            }
          });
    }
  }

  WrittenConfiguration written() {
    if (resumed != null) {
      try (D directory = existing.apply(resumed, hadoop())) {
        return held(directory).with(arguments);
      }
    }
    if (arguments.isEmpty()) {
      throw new UsageException("expected " + synopsis);
    }
    return WrittenConfiguration.read(arguments.get(0), arguments.subList(1, arguments.size()));
  }

  /** For a directory that only settings among the overrides lead to, such as a store's endpoint. */
  final Configuration hadoop() {
    return ImageLocations.hadoop(WrittenConfiguration.ofOverrides(arguments).sparkSettings());
  }

  /** What a directory holds of its experiment. */
  static WrittenConfiguration held(RunsDirectory directory) {
    return WrittenConfiguration.held(directory.configuration(), directory.location());
  }

  /** What differs from the experiment, where it is not given but found. */
  List<String> overrides() {
    return arguments;
  }

  /** Shows how far it is: once, or on a terminal again and again while somebody works there. */
  private int showStatus(String location) {
    try (RunsDirectory directory = RunsDirectory.existing(location, hadoop(), existing)) {
      TrialsStatus status = statusOf(directory);
      while (Terminal.isPresent() && !status.isAtRest()) {
        StandardOutput.results().println(CLEAR_SCREEN + status.table());
        Thread.sleep(PAUSE_MILLIS);
      }
      StandardOutput.results().println(status.table());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.DONE;
  }

  private static TrialsStatus statusOf(RunsDirectory directory) {
    Config held = held(directory).config();
    return directory instanceof SearchDirectory
        ? new TrialsStatus(directory, "trial", ConfigurationReader.search(held).metric(), "search")
        : new TrialsStatus(
            directory, "member", ConfigurationReader.ensemble(held).metric(), "ensemble");
  }
}
