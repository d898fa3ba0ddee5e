package dev.convoy.driver.command;

import dev.convoy.data.DataException;
import dev.convoy.driver.Version;
import dev.convoy.driver.cluster.JobException;
import dev.convoy.driver.cluster.NetworkException;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.directory.DirectoryInUseException;
import dev.convoy.driver.directory.OutputException;
import dev.convoy.worker.natives.NativeLibrariesException;
import java.io.PrintWriter;
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
      "4 training failed or diverged, 75 the output directory is in use (try later),",
      "130 interrupted, 1 anything else."
    },
    subcommands = {
      TrainCommand.class,
      SearchCommand.class,
      EnsembleCommand.class,
      PredictCommand.class,
      EvaluateCommand.class,
      PrepareCommand.class,
      DoctorCommand.class,
      HelpCommand.class
    })
public final class CommandLineInterface implements Runnable {
  private static final String DEBUG = "CONVOY_DEBUG";

  private CommandLineInterface() {}

  /** Runs one command; returns its exit code. */
  public static int run(String... arguments) {
    CommandLine line = new CommandLine(new CommandLineInterface());
    line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
    line.setParameterExceptionHandler(
        (failure, given) -> reportUsage(failure, failure.getCommandLine()));
    try {
      return line.execute(arguments);
    } catch (LinkageError | OutOfMemoryError e) {
      return report(e);
    }
  }

  @Override
  public void run() {
    throw new UsageException("expected a command; convoy help lists them");
  }

  private static int reportUsage(ParameterException failure, CommandLine command) {
    PrintWriter err = command.getErr();
    err.println("Cannot understand the command line: " + failure.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("convoy help lists the commands.");
    return ExitCode.CONFIGURATION;
  }

  private static int report(Throwable failure) {
    if (Interruption.isUnderWay()) {
      return ExitCode.INTERRUPTED;
    }
    if (System.getenv(DEBUG) != null) {
      failure.printStackTrace();
    }
    if (failure instanceof ConfigurationException configuration) {
      configuration.problems().forEach(System.err::println);
      return ExitCode.CONFIGURATION;
    }
    if (failure instanceof UsageException) {
      System.err.println("Cannot understand the command line: " + failure.getMessage());
      return ExitCode.CONFIGURATION;
    }
    if (failure instanceof DataException) {
      System.err.println(failure.getMessage());
      return ExitCode.DATA;
    }
    if (failure instanceof NetworkException) {
      System.err.println(failure.getMessage());
      return ExitCode.TRAINING;
    }
    if (failure instanceof DirectoryInUseException) {
      System.err.println(failure.getMessage());
      return ExitCode.IN_USE;
    }
    if (failure instanceof OutputException
        || failure instanceof NativeLibrariesException
        || failure instanceof JobException) {
      System.err.println(failure.getMessage());
      return ExitCode.OTHER;
    }
    System.err.println(
        "Cannot go on: "
            + firstLine(failure)
            + " (set "
            + DEBUG
            + "=1 for the stack trace; a run goes on from its latest checkpoint with the same"
            + " command)");
    return ExitCode.OTHER;
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure).lines().findFirst().orElse(failure.getClass().getSimpleName());
  }
}
