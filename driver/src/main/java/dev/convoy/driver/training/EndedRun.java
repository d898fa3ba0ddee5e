package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.Text;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.ChangedImagesException;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.directory.RunIdentity;
import dev.convoy.driver.directory.RunIdentity.Field;
import dev.convoy.driver.state.TrainingState.Status;
import java.util.Optional;

/** A run that has ended, as its directory has it. Driver only. */
public record EndedRun(RunDirectory directory, JsonNode summary) {
  /** The run of a directory; empty if there is none, or it has not ended. */
  public static Optional<EndedRun> of(RunDirectory directory) {
    return directory.summary().map(summary -> new EndedRun(directory, summary));
  }

  /**
   * Makes sure that it was trained on these images, with their weights and numbers: runs that share
   * their images must not differ in them.
   *
   * @param configuration of the run
   * @throws ChangedImagesException if it was not
   */
  public void requireSameImages(TrainingData data, RunConfiguration configuration) {
    String now = Long.toHexString(data.content(configuration));
    Optional<String> then =
        RunIdentity.parse(summary.path("identity"))
            .flatMap(identity -> identity.value(Field.IMAGES_PACKED))
            .filter(images -> !images.equals(now));
    if (then.isPresent()) {
      throw new ChangedImagesException(
          Text.of(
              "Cannot use the run in %s: expected one on these images (%s = %s), found it trained"
                  + " on others (%s). Restore them, or begin anew with --overwrite.%s",
              directory.location(),
              Field.IMAGES_PACKED.key(),
              now,
              then.get(),
              data.changes(directory.quarantinedPaths(), directory.beganMillis())));
    }
  }

  /** What a person is told in place of training: how it ended, and what trains it again. */
  public String notice() {
    Status status = status();
    String location = directory.location();
    return status == Status.TIME_LIMIT
        ? Text.of(
            "this run has ended before (%s), and another training.max-minutes does not continue it;"
                + " its summary follows (to train it longer, remove %s and give the same command,"
                + " or choose another output, where transfer.model=%s begins with its weights)",
            status.key(), location, location)
        : Text.of(
            "this run has ended before (%s); its summary follows (to train it again, remove %s)",
            status.key(), location);
  }

  private Status status() {
    return Status.of(summary.path("status").asText());
  }

  /** What it came to. */
  TrainingOutcome outcome() {
    JsonNode best = summary.path("best");
    return new TrainingOutcome(
        status(),
        summary.path("epochs").asInt(),
        best.isMissingNode() ? Optional.empty() : Optional.of(Evaluation.ofSummary(best)),
        summary,
        directory.metrics(Evaluation.LINE_TYPE, Evaluation::of));
  }
}
