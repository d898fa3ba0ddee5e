package dev.convoy.driver.command;

import com.typesafe.config.Config;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.directory.RunsDirectory;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.report.Terminal;
import dev.convoy.driver.trial.TrialsStatus;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;

/** {@code --status} of the commands that make several runs. */
final class RunsStatus {
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";
  private static final long PAUSE_MILLIS = 2000;

  private RunsStatus() {}

  /**
   * Shows how far what is in a directory is: once, or on a terminal again and again while somebody
   * works there.
   *
   * @param expected opens the kind of directory that the command makes
   */
  static int show(
      String location, BiFunction<String, Configuration, ? extends RunsDirectory> expected) {
    boolean terminal = Terminal.isPresent();
    try (RunsDirectory directory =
        RunsDirectory.existing(location, ImageLocations.hadoop(Map.of()), expected)) {
      TrialsStatus status = of(directory);
      while (terminal && !status.isAtRest()) {
        System.out.println(CLEAR_SCREEN + status.table());
        Thread.sleep(PAUSE_MILLIS);
      }
      System.out.println(status.table());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.DONE;
  }

  private static TrialsStatus of(RunsDirectory directory) {
    Config held = RunsArguments.held(directory).config();
    return directory instanceof SearchDirectory
        ? new TrialsStatus(directory, "trial", ConfigurationReader.search(held).metric(), "search")
        : new TrialsStatus(
            directory, "member", ConfigurationReader.ensemble(held).metric(), "ensemble");
  }
}
