package dev.convoy.driver.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigUtil;
import dev.convoy.data.component.ValueType;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.EnsembleSettings;
import dev.convoy.driver.configuration.EnsembleSettings.From;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.DirectoryLock;
import dev.convoy.driver.directory.EnsembleDirectory;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.ensemble.EnsembleDefinition;
import dev.convoy.driver.ensemble.EnsembleRun;
import dev.convoy.driver.report.Progress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code convoy ensemble}. */
@Command(
    name = "ensemble",
    description = "Train several networks that answer as one, or go on with it.",
    mixinStandardHelpOptions = true)
final class EnsembleCommand implements Callable<Integer> {
  private static final String SYNOPSIS =
      "convoy ensemble CONF [key.path=value …] [--overwrite] [--extend N], --search DIR,"
          + " --resume DIR or --status DIR";

  @Mixin private RunsArguments arguments;

  @Option(
      names = "--search",
      paramLabel = "DIR",
      description = "Make one of the trials of this search; needs no CONF and trains nothing.")
  private String search;

  @Option(
      names = "--status",
      paramLabel = "DIR",
      description = "Show how far the ensemble in this directory is; live on a terminal.")
  private String observed;

  @Override
  public Integer call() {
    if (observed != null) {
      return RunsStatus.show(observed, EnsembleDirectory::existing);
    }
    OptionalInt extension = arguments.extension();
    EnsembleDefinition given = EnsembleDefinition.of(written());
    Progress progress = ConfiguredCommand.progress();
    Configuration hadoop = ImageLocations.hadoop(given.example().spark().settings());
    try (DirectoryLock lock = DirectoryLock.acquire(given.example().output(), hadoop, "ensemble");
        EnsembleDirectory directory =
            EnsembleDirectory.open(
                new DirectoryClaim(
                    given.example().output(),
                    given.text(),
                    arguments.overwrites(given.example()),
                    EnsembleDefinition::identityOf),
                hadoop,
                lock::checkHeld)) {
      EnsembleDefinition definition = withWhatIsHeld(given, directory, extension);
      JsonNode summary =
          directory
              .summary()
              .filter(before -> !arguments.overwrites(given.example()))
              .map(before -> said(before, directory, progress))
              .orElseGet(() -> run(definition, directory, progress));
      System.out.println(summary.toPrettyString());
      progress.say("ensemble directory: " + directory.location());
      return exitCode(summary, progress);
    }
  }

  private JsonNode run(
      EnsembleDefinition definition, EnsembleDirectory directory, Progress progress) {
    try (SparkCluster cluster = SparkCluster.start(definition.example(), progress)) {
      return arguments.train(
          definition.example(),
          directory,
          progress,
          new EnsembleRun(cluster, definition, directory, progress)::run);
    }
  }

  private static JsonNode said(JsonNode before, EnsembleDirectory directory, Progress progress) {
    progress.say(
        "this ensemble is complete; its summary follows (--extend N adds members; to train it again,"
            + " remove "
            + directory.location()
            + ")");
    return before;
  }

  private static int exitCode(JsonNode summary, Progress progress) {
    if (!summary.path("members").isEmpty()) {
      return ExitCode.DONE;
    }
    progress.say(
        "No member came to a model: members.jsonl says why of each. Try a lower"
            + " optimizer.learning-rate.");
    return ExitCode.TRAINING;
  }

  private WrittenConfiguration written() {
    return search == null ? arguments.written(SYNOPSIS, EnsembleDirectory::existing) : ofSearch();
  }

  /** The experiment of a search, with an ensemble of those trials that make it better. */
  private WrittenConfiguration ofSearch() {
    try (SearchDirectory directory =
        SearchDirectory.existing(search, ImageLocations.hadoop(Map.of()))) {
      String location = directory.location();
      return RunsArguments.held(directory)
          .with(
              List.of(
                  "output=" + quoted(location + "-ensemble"),
                  "ensemble.from=search",
                  "ensemble.search=" + quoted(location),
                  "ensemble.select=greedy",
                  "overwrite=false"))
          .with(arguments.overrides());
    }
  }

  private static String quoted(String text) {
    return ConfigUtil.quoteString(text);
  }

  /** Members that were added stay; more of them, or another combination, opens it again. */
  private static EnsembleDefinition withWhatIsHeld(
      EnsembleDefinition given, EnsembleDirectory directory, OptionalInt extension) {
    EnsembleSettings held = ConfigurationReader.ensemble(RunsArguments.held(directory).config());
    boolean ended = directory.summary().isPresent();
    if (held.source().from() != From.RUNS) {
      requireSameMembers(given.settings(), held, extension);
    }
    int members = Math.max(given.settings().members(), held.members());
    EnsembleDefinition definition =
        given.withMembers(
            extension.isPresent() && ended
                ? Math.addExact(held.members(), extension.getAsInt())
                : members);
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
          "--extend "
              + extension.getAsInt()
              + ": expected an ensemble of runs, found one of "
              + from(held));
    }
    if (given.members() != held.members() && held.source().from() == From.SNAPSHOTS) {
      throw new ConfigurationException(
          "ensemble.members = "
              + given.members()
              + ": expected "
              + held.members()
              + ", since snapshots cannot be added later; choose another output");
    }
  }

  private static String from(EnsembleSettings settings) {
    return ValueType.nameOf(settings.source().from());
  }
}
