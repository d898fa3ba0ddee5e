package dev.convoy.driver.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.SearchSettings.Budget;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.DirectoryLock;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.search.HyperparameterSearch;
import dev.convoy.driver.search.SearchDefinition;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code convoy search}. */
@Command(
    name = "search",
    description = "Search hyperparameters, or go on with a search that was interrupted.",
    footer = {
      "",
      "A rule of search.early-termination ends trials by how they stand after some epochs. With an",
      "optimizer.schedule that falls towards the end of the run (one-cycle, cosine) that says little:",
      "raise search.early-termination.min-epochs, or take a constant or step schedule for the search."
    },
    mixinStandardHelpOptions = true)
final class SearchCommand implements Callable<Integer> {
  private static final String SYNOPSIS =
      "convoy search CONF [key.path=value …] [--overwrite] [--extend N], or --resume DIR, or"
          + " --status DIR";

  @Mixin private RunsArguments arguments;

  @Option(
      names = "--status",
      paramLabel = "DIR",
      description = "Show how far the search in this directory is; live on a terminal.")
  private String observed;

  @Override
  public Integer call() {
    if (observed != null) {
      return RunsStatus.show(observed, SearchDirectory::existing);
    }
    OptionalInt extension = arguments.extension();
    SearchDefinition given =
        SearchDefinition.of(arguments.written(SYNOPSIS, SearchDirectory::existing));
    Progress progress = ConfiguredCommand.progress();
    given.warning().ifPresent(progress::say);
    Configuration hadoop = ImageLocations.hadoop(given.example().spark().settings());
    try (DirectoryLock lock = DirectoryLock.acquire(given.example().output(), hadoop, "search");
        SearchDirectory directory = open(given, hadoop, lock)) {
      SearchDefinition definition = withWhatIsHeld(given, directory, extension);
      JsonNode summary =
          directory
              .summary()
              .filter(before -> !arguments.overwrites(given.example()))
              .map(before -> said(before, directory, progress))
              .orElseGet(() -> run(definition, directory, progress));
      System.out.println(summary.toPrettyString());
      progress.say("search directory: " + directory.location());
      return exitCode(summary, progress);
    }
  }

  private JsonNode run(SearchDefinition definition, SearchDirectory directory, Progress progress) {
    try (SparkCluster cluster = SparkCluster.start(definition.example(), progress)) {
      return arguments.train(
          definition.example(),
          directory,
          progress,
          new HyperparameterSearch(cluster, definition, directory, progress)::run);
    }
  }

  private static JsonNode said(JsonNode before, SearchDirectory directory, Progress progress) {
    progress.say(
        "this search has ended before; its summary follows (--extend N adds trials; to search again,"
            + " remove "
            + directory.location()
            + ")");
    return before;
  }

  private static int exitCode(JsonNode summary, Progress progress) {
    if (summary.path("search").has("best")) {
      return ExitCode.DONE;
    }
    progress.say(
        "No trial came to a result: trials.jsonl says why of each. Try lower learning rates, or"
            + " smaller models.");
    return ExitCode.TRAINING;
  }

  private SearchDirectory open(
      SearchDefinition definition, Configuration hadoop, DirectoryLock lock) {
    return SearchDirectory.open(
        new DirectoryClaim(
            definition.example().output(),
            definition.text(),
            arguments.overwrites(definition.example()),
            SearchDefinition::identityOf),
        hadoop,
        lock::checkHeld);
  }

  /** What was added to a search stays; a larger budget opens it again. */
  private static SearchDefinition withWhatIsHeld(
      SearchDefinition given, SearchDirectory directory, OptionalInt extension) {
    Budget held = ConfigurationReader.search(RunsArguments.held(directory).config()).budget();
    SearchDefinition definition = given;
    int heldTrials = held.trials().orElse(0);
    boolean ended = directory.summary().isPresent();
    if (extension.isPresent() && ended) {
      definition = given.withTrials(Math.addExact(begun(directory), extension.getAsInt()));
    } else if (given.settings().budget().trials().orElse(Integer.MAX_VALUE) < heldTrials) {
      definition = given.withTrials(heldTrials);
    }
    if (!definition.settings().budget().equals(held)) {
      directory.writeConfiguration(definition.text().written());
      if (ended) {
        directory.reopen();
      }
    }
    return definition;
  }

  private static int begun(SearchDirectory directory) {
    return directory.journal().read(line -> line.path("trial").asInt() + 1).stream()
        .mapToInt(trials -> trials)
        .max()
        .orElse(0);
  }
}
