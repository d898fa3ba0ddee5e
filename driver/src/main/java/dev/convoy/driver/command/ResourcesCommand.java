package dev.convoy.driver.command;

import dev.convoy.data.Text;
import dev.convoy.driver.cluster.ClusterResources;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.EnsembleSettings.From;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.StandardOutput;
import dev.convoy.driver.ensemble.EnsembleDefinition;
import dev.convoy.driver.search.SearchDefinition;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code convoy resources}. */
@Command(
    name = "resources",
    customSynopsis = {ResourcesCommand.SYNOPSIS, ""},
    description = {
      "Tell how many executors a run, a search or an ensemble takes, and how much memory each of them"
          + " and the driver. Nothing is read but the configuration.",
    },
    mixinStandardHelpOptions = true)
final class ResourcesCommand implements Callable<Integer> {
  static final String SYNOPSIS =
      "convoy resources COMMAND CONF [key.path=value …] [OPTION of COMMAND …] [--settings FILE]"
          + " [--as-settings]";

  /** As many as ImageNet has: the images are not read, and the last layer is a small part. */
  private static final int CLASSES = 1000;

  @Parameters(
      index = "0",
      arity = "1",
      paramLabel = "COMMAND",
      description = "What is to be run: train, check, prepare, search or ensemble.")
  private String command;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "CONF key.path=value",
      description =
          "What the command is given: the experiment's file, what differs from it, and options, such"
              + " as --resume DIR.")
  private List<String> arguments;

  @Spec private CommandSpec spec;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description = "Spark's settings besides, as lines key=value; what is there is not told anew.")
  private Path settingsFile;

  @Option(
      names = "--as-settings",
      description = "Print lines key=value for spark-submit instead of sentences.")
  private boolean asSettings;

  @Override
  public Integer call() {
    Map<String, String> given = given();
    List<RunConfiguration> runs;
    OptionalInt atOnce = OptionalInt.of(1);
    Optional<String> atOnceKey = Optional.empty();
    switch (command) {
      case "search" -> {
        SearchDefinition search = SearchDefinition.of(named(SearchCommand.class).written());
        runs = search.examples();
        atOnce = search.settings().slots().parallelTrials();
        atOnceKey = Optional.of("search.parallel-trials");
      }
      case "ensemble" -> {
        EnsembleDefinition ensemble = EnsembleDefinition.of(named(EnsembleCommand.class).written());
        runs = ensemble.examples();
        if (ensemble.settings().source().from() == From.RUNS) {
          atOnce = ensemble.settings().parallelMembers();
          atOnceKey = Optional.of("ensemble.parallel-members");
        }
      }
      case "train", "check", "prepare" ->
          runs = List.of(named(ConfiguredCommand.class).configuration());
      default ->
          throw new UsageException(
              Text.of(
                  "COMMAND: expected train, check, prepare, search or ensemble, found %s; %s",
                  command, SYNOPSIS));
    }
    ClusterResources resources;
    try {
      resources = ClusterResources.of(runs, atOnce, given, CLASSES);
    } catch (UnsupportedNetworkException e) {
      throw new ConfigurationException(
          "Cannot tell what the network takes: %s. Set spark.executor.memoryOverhead by hand.",
          e.getMessage());
    }
    if (ClusterResources.areForOneRun(runs, atOnce, given)) {
      atOnceKey.ifPresent(
          key ->
              ConfiguredCommand.progress()
                  .say(
                      Text.of(
                          "note: there are executors for one run, and others wait for it; %s=N asks"
                              + " for those of N at once",
                          key)));
    }
    if (asSettings) {
      Map<String, String> own = runs.get(0).spark().settings();
      resources
          .settings()
          .forEach(
              (name, value) -> {
                if (!given.containsKey(name) && !own.containsKey(name)) {
                  StandardOutput.results().println(name + "=" + value);
                }
              });
    } else {
      resources.lines().forEach(StandardOutput.results()::println);
    }
    return ExitCode.DONE;
  }

  /** The command of that name, as its arguments make it. */
  private <T> T named(Class<T> type) {
    CommandLine line = spec.parent().subcommands().get(command);
    line.parseArgs(arguments.toArray(String[]::new));
    return type.cast(line.getCommand());
  }

  private Map<String, String> given() {
    Map<String, String> settings = new LinkedHashMap<>();
    if (settingsFile == null) {
      return settings;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(settingsFile, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "--settings %s: expected a file of lines key=value, found none that can be read (%s)",
          settingsFile, e.getClass().getSimpleName());
    }
    properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
    return settings;
  }
}
