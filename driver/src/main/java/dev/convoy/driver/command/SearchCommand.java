package dev.convoy.driver.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.SearchSettings.Budget;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.search.HyperparameterSearch;
import dev.convoy.driver.search.SearchDefinition;
import java.util.OptionalInt;
import picocli.CommandLine.Command;

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
final class SearchCommand extends RunsCommand<SearchDefinition, SearchDirectory> {
  SearchCommand() {
    super(
        "search",
        "convoy search CONF [key.path=value …] [--overwrite] [--extend N], or --resume DIR, or"
            + " --status DIR",
        SearchDefinition::of,
        SearchDefinition::identityOf,
        SearchDirectory::open,
        SearchDirectory::existing);
  }

  @Override
  JsonNode run(
      SparkCluster cluster,
      SearchDefinition definition,
      SearchDirectory directory,
      Progress progress) {
    return new HyperparameterSearch(cluster, definition, directory, progress).run();
  }

  @Override
  String failure(JsonNode summary) {
    return summary.path("search").has("best")
        ? ""
        : "No trial came to a result: trials.jsonl says why of each. Try lower learning rates, or"
            + " smaller models.";
  }

  @Override
  SearchDefinition withWhatIsHeld(
      SearchDefinition given, SearchDirectory directory, OptionalInt extension) {
    Budget held = ConfigurationReader.search(held(directory).config()).budget();
    SearchDefinition definition = given;
    int heldTrials = held.trials().orElse(0);
    boolean ended = directory.summary().isPresent();
    if (extension.isPresent() && ended) {
      definition = given.withTrials(Math.addExact(begun(directory), extension.getAsInt()));
    } else if (given.settings().budget().trials().orElse(Integer.MAX_VALUE) < heldTrials) {
      definition = given.withTrials(heldTrials);
    }
    if (!definition.settings().budget().equals(held)) {
      if (ended) {
        // First: killed in between, the search ends again as it was, and can be given more again.
        directory.reopen();
      }
      directory.writeConfiguration(definition.text().written());
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
