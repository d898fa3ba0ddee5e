package dev.convoy.driver.command;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.data.format.MissingLibraryException;
import dev.convoy.driver.Version;
import dev.convoy.driver.cluster.JobException;
import dev.convoy.driver.cluster.NetworkException;
import dev.convoy.driver.configuration.CommandLineArgument;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.Secrets;
import dev.convoy.driver.directory.DirectoryInUseException;
import dev.convoy.driver.directory.OutputException;
import dev.convoy.driver.directory.StandardOutput;
import dev.convoy.driver.exchange.LostSliceException;
import dev.convoy.worker.natives.NativeLibrariesException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/** All commands, and what their failures mean to the user. */
@Command(
    name = "convoy",
    description = "Distributed training of convolutional networks on Apache Spark.",
    mixinStandardHelpOptions = true,
    version = "convoy " + Version.NUMBER,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Every key, with its unit and meaning, stands in conf/defaults.conf.",
      "Exit codes: 0 done, 2 configuration or usage, 3 data,",
      "4 training failed or diverged or a check found something,",
      "75 the output directory is in use (try later), 130 interrupted, 143 ended by SIGTERM,",
      "1 anything else."
    },
    subcommands = {
      TrainCommand.class,
      SearchCommand.class,
      EnsembleCommand.class,
      PredictCommand.class,
      EvaluateCommand.class,
      PrepareCommand.class,
      CheckCommand.class,
      ShowCommand.class,
      ReportCommand.class,
      ModelsCommand.class,
      ResourcesCommand.class,
      DoctorCommand.class,
      HelpCommand.class
    })
public final class CommandLineInterface implements Runnable {
  private static final String DEBUG = "CONVOY_DEBUG";

  /** Of failures whose message says all. */
  private static final Map<Class<?>, Integer> EXIT_CODES =
      Map.of(
          UsageException.class, ExitCode.CONFIGURATION,
          DataException.class, ExitCode.DATA,
          NetworkException.class, ExitCode.TRAINING,
          DirectoryInUseException.class, ExitCode.IN_USE,
          OutputException.class, ExitCode.OTHER,
          NativeLibrariesException.class, ExitCode.OTHER,
          LostSliceException.class, ExitCode.OTHER,
          JobException.class, ExitCode.OTHER);

  private CommandLineInterface() {}

  /** Runs one command; returns its exit code. */
  public static int run(String... arguments) {
    CommandLine line = new CommandLine(new CommandLineInterface());
    line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
    line.setParameterExceptionHandler(
        (failure, given) -> reportUsage(failure, failure.getCommandLine()));
    // They are those of the command that it is asked about.
    line.getSubcommands().get("resources").setUnmatchedOptionsArePositionalParams(true);
    StandardOutput.reserve();
    try {
      line.setOut(new PrintWriter(StandardOutput.results(), true, Charset.defaultCharset()));
      return written(line.execute(arguments));
    } catch (LinkageError | OutOfMemoryError e) {
      return report(e);
    } finally {
      StandardOutput.release();
    }
  }

  @Override
  public void run() {
    throw new UsageException("expected a command; convoy help lists them");
  }

  /** What a command ends with; results that nobody could be given are a failure. */
  private static int written(int exitCode) {
    if (exitCode != ExitCode.DONE || !StandardOutput.results().checkError()) {
      return exitCode;
    }
    complain("Cannot write standard output: " + StandardOutput.LOST + ".");
    return ExitCode.OTHER;
  }

  private static int reportUsage(ParameterException failure, CommandLine command) {
    PrintWriter err = command.getErr();
    List<String> settings = settingsGivenAsOptions(failure, command);
    if (!settings.isEmpty()) {
      settings.forEach(err::println);
      return ExitCode.CONFIGURATION;
    }
    err.println(
        Secrets.withoutPasswords("Cannot understand the command line: " + failure.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("convoy help lists the commands.");
    return ExitCode.CONFIGURATION;
  }

  /** {@code --epochs 3} is how many other tools take a setting: says how it is given here. */
  private static List<String> settingsGivenAsOptions(
      ParameterException failure, CommandLine command) {
    if (!(failure instanceof CommandLine.UnmatchedArgumentException unmatched)) {
      return List.of();
    }
    List<String> arguments = command.getParseResult().originalArgs();
    List<String> lines = new ArrayList<>();
    for (String option : unmatched.getUnmatched()) {
      if (!option.startsWith("-")) {
        continue;
      }
      int next = arguments.indexOf(option) + 1;
      Optional<String> following =
          next > 0 && next < arguments.size() ? Optional.of(arguments.get(next)) : Optional.empty();
      CommandLineArgument.ofOption(option, following).ifPresent(lines::add);
    }
    return lines;
  }

  private static int report(Throwable failure) {
    if (Interruption.isUnderWay()) {
      return ExitCode.INTERRUPTED;
    }
    if (System.getenv(DEBUG) != null) {
      failure.printStackTrace();
    }
    if (failure instanceof ConfigurationException configuration) {
      configuration.problems().forEach(CommandLineInterface::complain);
      return ExitCode.CONFIGURATION;
    }
    if (failure instanceof MissingLibraryException) {
      complain(failure.getMessage());
      return ExitCode.CONFIGURATION;
    }
    for (Map.Entry<Class<?>, Integer> known : EXIT_CODES.entrySet()) {
      if (known.getKey().isInstance(failure)) {
        complain(failure.getMessage());
        return known.getValue();
      }
    }
    complain(
        Text.of(
            "Cannot go on: %s (set %s=1 for the stack trace; a run goes on from its latest"
                + " checkpoint with the same command)",
            String.valueOf(failure).lines().findFirst().orElse(failure.getClass().getSimpleName()),
            DEBUG));
    return ExitCode.OTHER;
  }

  private static void complain(String line) {
    System.err.println(Secrets.withoutPasswords(line));
  }
}
