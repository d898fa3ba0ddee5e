package dev.convoy.driver.command;

import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.report.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that take a configuration share. */
abstract class ConfiguredCommand implements Callable<Integer> {
  @Parameters(
      index = "0..*",
      arity = "0..*",
      paramLabel = "CONF key.path=value",
      description = "The experiment's file, then what differs from it.")
  private List<String> arguments = List.of();

  @Option(
      names = "--overwrite",
      description = "Throw away what the output directory holds of a different run.")
  private boolean overwrite;

  /** What the command does with what stands before the configuration. */
  abstract int run(RunConfiguration configuration);

  /** How many arguments stand before the configuration. */
  int leadingArguments() {
    return 0;
  }

  /** An argument before the configuration. */
  String leading(int index) {
    return arguments.get(index);
  }

  @Override
  public Integer call() {
    return run(configuration());
  }

  /** What the arguments and options say. */
  RunConfiguration configuration() {
    int configuration = leadingArguments();
    if (arguments.size() <= configuration) {
      throw new UsageException("expected " + synopsis());
    }
    List<String> overrides =
        new ArrayList<>(arguments.subList(configuration + 1, arguments.size()));
    if (overwrite) {
      overrides.add("overwrite=true");
    }
    return ConfigurationReader.read(arguments.get(configuration), overrides);
  }

  /** The command with its arguments, for usage errors. */
  abstract String synopsis();

  /** Progress on stderr; the launcher says whether that is a terminal. */
  static Progress progress() {
    return new Progress(System.err, Terminal.isPresent());
  }
}
