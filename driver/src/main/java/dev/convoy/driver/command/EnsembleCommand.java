package dev.convoy.driver.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigUtil;
import dev.convoy.data.Text;
import dev.convoy.data.component.ValueType;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.From;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.ensemble.EnsembleDefinition;
import dev.convoy.driver.ensemble.EnsembleRun;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.trial.TrialState;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code convoy ensemble}. */
@Command(
    name = "ensemble",
    description = "Train several networks that answer as one, or go on with it.",
    mixinStandardHelpOptions = true)
final class EnsembleCommand extends RunsCommand<EnsembleDefinition, EnsembleDirectory> {
  @Option(
      names = "--search",
      paramLabel = "DIR",
      description = "Make one of the trials of this search; needs no CONF and trains nothing.")
  private String search;

  EnsembleCommand() {
    super(
        "ensemble",
        "convoy ensemble CONF [key.path=value …] [--overwrite] [--extend N], --search DIR,"
            + " --resume DIR or --status DIR",
        EnsembleDefinition::of,
        EnsembleDefinition::identityOf,
        EnsembleDirectory::open,
        EnsembleDirectory::existing);
  }

  @Override
  JsonNode run(
      SparkCluster cluster,
      EnsembleDefinition definition,
      EnsembleDirectory directory,
      Progress progress) {
    return new EnsembleRun(cluster, definition, directory, progress).run();
  }

  @Override
  String failure(JsonNode summary) {
    if (!summary.path("members").isEmpty()) {
      return "";
    }
    String none = "No member came to a model that answers: left-out says why of each.";
    for (JsonNode leftOut : summary.path("left-out")) {
      if (leftOut.path("state").asText().equals(TrialState.FAILED.key())) {
        return Text.of(
            "%s Member %d failed: %s",
            none, leftOut.path("member").asInt(), leftOut.path("reason").asText());
      }
    }
    return none + " Try a lower optimizer.learning-rate.";
  }

  /** With --search the experiment of a search, with an ensemble of trials that make it better. */
  @Override
  WrittenConfiguration written() {
    if (search == null) {
      return super.written();
    }
    try (SearchDirectory directory = SearchDirectory.existing(search, hadoop())) {
      String location = directory.location();
      return held(directory)
          .with(
              List.of(
                  "output=" + ConfigUtil.quoteString(location + "-ensemble"),
                  "ensemble.from=search",
                  "ensemble.search=" + ConfigUtil.quoteString(location),
                  "ensemble.select=greedy",
                  "overwrite=false"))
          .with(overrides());
    }
  }

  /** Another combination opens an ensemble again, too. */
  @Override
  EnsembleDefinition withWhatIsHeld(
      EnsembleDefinition given, EnsembleDirectory directory, OptionalInt extension) {
    EnsembleSettings held = ConfigurationReader.ensemble(held(directory).config());
    boolean ended = directory.summary().isPresent();
    if (held.source().from() != From.RUNS) {
      requireSameMembers(given.settings(), held, extension);
    }
    EnsembleDefinition definition =
        given.withMembers(
            extension.isPresent() && ended
                ? Math.addExact(held.members(), extension.getAsInt())
                : Math.max(given.settings().members(), held.members()));
    if (!definition.settings().equals(held)) {
      directory.reopen();
      directory.writeConfiguration(definition.text().written());
    }
    return definition;
  }

  private static void requireSameMembers(
      EnsembleSettings given, EnsembleSettings held, OptionalInt extension) {
    if (extension.isPresent()) {
      throw new UsageException(
          Text.of(
              "--extend %d: expected an ensemble of runs, found one of %s",
              extension.getAsInt(), ValueType.nameOf(held.source().from())));
    }
    if (given.members() != held.members() && held.source().from() == From.SNAPSHOTS) {
      throw new ConfigurationException(
          "ensemble.members = %d: expected %d, since snapshots cannot be added later; choose"
              + " another output",
          given.members(), held.members());
    }
  }
}
