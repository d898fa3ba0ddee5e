package dev.convoy.driver.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.Text;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.SearchSettings;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.search.HyperparameterSearch;
import dev.convoy.driver.search.SearchDefinition;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.trial.TrialsOutcome.Status;
import java.util.Optional;
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
    if (!summary.path("search").has("best")) {
      return "No trial came to a result: trials.jsonl says why of each. Try lower learning rates, or"
          + " smaller models.";
    }
    return summary.path("status").asText().equals(TrainingState.Status.DIVERGED.key())
        ? "The winner diverged when it was trained anew on all images. best.conf trains it as the"
            + " search did; search.refit=as-is tests it as it is."
        : "";
  }

  @Override
  SearchDefinition withWhatIsHeld(
      SearchDefinition given, SearchDirectory directory, OptionalInt extension) {
    SearchSettings held = ConfigurationReader.search(held(directory).config());
    SearchDefinition definition = given;
    int heldTrials = held.budget().trials().orElse(0);
    boolean ended = directory.summary().isPresent();
    boolean isExtended = ended && extension.isPresent();
    if (isExtended) {
      requireBeyondLimit(given.settings(), held, directory, extension.getAsInt());
      definition = extended(given, begun(directory), extension.getAsInt());
    } else if (heldTrials > 0
        && (extension.isPresent()
            || given.settings().budget().trials().orElse(Integer.MAX_VALUE) < heldTrials)) {
      // As many as before: an extension was written when it began.
      definition = given.withTrials(heldTrials);
    }
    boolean goesOn = !ended || isExtended || definition.settings().goOnFrom(held);
    if (isExtended || (goesOn && !definition.settings().equals(held))) {
      if (ended) {
        // First: killed in between, the search ends again as it was, and can be given more again.
        directory.reopen();
      }
      directory.writeConfiguration(definition.text().written());
    }
    return definition;
  }

  /** What has ended the search would end it again before a trial that is added begins. */
  private static void requireBeyondLimit(
      SearchSettings given, SearchSettings held, SearchDirectory directory, int extension) {
    String status = directory.summary().orElseThrow().path("search").path("status").asText();
    Optional<String> key = Optional.empty();
    if (status.equals(Status.TIME_LIMIT.key()) && !given.hasMoreTimeThan(held)) {
      key = Optional.of("search.max-minutes");
    } else if (status.equals(Status.EPOCH_LIMIT.key()) && !given.hasMoreEpochsThan(held)) {
      key = Optional.of("search.max-epochs");
    } else if (status.equals(Status.TARGET_REACHED.key()) && !given.hasHarderTargetThan(held)) {
      key = Optional.of("search.target");
    }
    if (key.isPresent()) {
      throw new UsageException(
          Text.of(
              "--extend %d: expected another %s that leaves room for more trials, since this one"
                  + " has ended the search (search.status = %s)",
              extension, key.get(), status));
    }
  }

  private static SearchDefinition extended(SearchDefinition given, int begun, int extension) {
    OptionalInt least = given.leastExtension(begun);
    if (least.isEmpty()) {
      throw new UsageException(
          Text.of("--extend %d: expected samples that are left, found all searched", extension));
    }
    if (extension < least.getAsInt()) {
      throw new UsageException(
          Text.of(
              "--extend %d: expected %d or more, since search.early-termination.rule = %s begins"
                  + " whole brackets of trials",
              extension, least.getAsInt(), given.settings().termination().name()));
    }
    return given.withTrials(Math.addExact(begun, extension));
  }

  private static int begun(SearchDirectory directory) {
    return directory.journal().read(line -> line.path("trial").asInt() + 1).stream()
        .mapToInt(trials -> trials)
        .max()
        .orElse(0);
  }
}
