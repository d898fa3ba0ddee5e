package dev.convoy.driver.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.cluster.ImageLocations;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.DirectoryLock;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.StandardOutput;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.training.EndedRun;
import dev.convoy.driver.training.TrainingRun;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;

/** {@code convoy train}. */
@Command(
    name = "train",
    description = "Train a network, or go on with a run that was interrupted.",
    mixinStandardHelpOptions = true)
final class TrainCommand extends ConfiguredCommand {
  @Override
  String synopsis() {
    return "convoy train CONF [key.path=value …] [--overwrite]";
  }

  @Override
  int run(RunConfiguration configuration) {
    Progress progress = progress();
    Configuration hadoop = ImageLocations.hadoop(configuration.spark().settings());
    if (!configuration.overwrite()) {
      Optional<RunDirectory> ended = RunDirectory.ifEnded(configuration, hadoop);
      if (ended.isPresent()) {
        DirectoryLock.removeLeftBehind(configuration.output(), hadoop, "train");
        try (RunDirectory directory = ended.get()) {
          return report(ended(directory, progress), directory, progress);
        }
      }
    }
    try (DirectoryLock lock = DirectoryLock.acquire(configuration.output(), hadoop, "train");
        RunDirectory directory = RunDirectory.open(configuration, hadoop, lock::checkHeld)) {
      // Whether to overwrite the same run depends on its images, which are listed on the cluster.
      boolean hasEnded = directory.summary().isPresent() && !configuration.overwrite();
      JsonNode summary =
          hasEnded ? ended(directory, progress) : train(configuration, directory, progress);
      return report(summary, directory, progress);
    }
  }

  private static JsonNode train(
      RunConfiguration configuration, RunDirectory directory, Progress progress) {
    try (SparkCluster cluster = SparkCluster.start(configuration, progress)) {
      return Interruption.resumable(
          directory.location(),
          progress,
          () -> TrainingRun.run(cluster, configuration, directory, progress).summary());
    }
  }

  private static JsonNode ended(RunDirectory directory, Progress progress) {
    EndedRun run = EndedRun.of(directory).orElseThrow();
    progress.say(run.notice());
    return run.summary();
  }

  private static int report(JsonNode summary, RunDirectory directory, Progress progress) {
    StandardOutput.results().println(summary.toPrettyString());
    progress.say("run directory: " + directory.location());
    boolean diverged = summary.path("status").asText().equals(Status.DIVERGED.key());
    if (diverged) {
      progress.say(
          "Training diverged: the loss is no longer a finite number. Try a lower"
              + " optimizer.learning-rate, a warm-up, or optimizer.clip-norm.");
    }
    return diverged ? ExitCode.TRAINING : ExitCode.DONE;
  }
}
