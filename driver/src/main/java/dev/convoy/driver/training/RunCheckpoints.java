package dev.convoy.driver.training;

import dev.convoy.driver.configuration.Interval;
import dev.convoy.driver.directory.Checkpoint;
import dev.convoy.driver.directory.CheckpointWriter;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.driver.state.TrainingState.Status;
import dev.convoy.driver.training.Supervisor.Verdict;
import java.util.Optional;

/** When a run writes a checkpoint, and how long it waits for them. Driver only. */
final class RunCheckpoints implements AutoCloseable {
  private final RunDirectory directory;
  private final CheckpointWriter writer;
  private final Interval every;
  private final boolean isStock;
  private final boolean decidesByMeasurements;
  private double lastSeconds;
  private double waitedSeconds;

  RunCheckpoints(RunContext context) {
    this.directory = context.directory();
    this.writer = new CheckpointWriter(directory);
    this.every = context.configuration().checkpoint().every();
    this.isStock = context.isStock();
    this.decidesByMeasurements =
        context.configuration().training().averaging().frequency().adaptive().isPresent();
  }

  /** Whether one is to be written of a state; a baseline has none. */
  boolean isDue(TrainingState state, Verdict verdict) {
    if (isStock) {
      return false;
    }
    boolean epochBegins = state.position().round() == 0;
    return verdict == Verdict.SUSPEND
        || state.status() != Status.RUNNING
        || (epochBegins && decidesByMeasurements)
        || switch (every.unit()) {
          case ROUNDS -> state.totals().rounds() % every.count() == 0;
          case EPOCHS -> epochBegins && state.position().epoch() % every.count() == 0;
          case SECONDS -> state.totals().seconds() - lastSeconds >= every.count();
        };
  }

  /** Writes one, or begins to; what it reads must stay until {@link #await} has returned. */
  void write(Checkpoint checkpoint) {
    timed(() -> writer.write(checkpoint));
    if (decidesByMeasurements) {
      await(); // what was decided from measurements is not decided again
    }
    lastSeconds = checkpoint.state().totals().seconds();
  }

  /** Waits until the last one is written. */
  void await() {
    timed(writer::await);
  }

  /** How long the run has waited since this was last asked, in seconds. */
  double takeWaitedSeconds() {
    double waited = waitedSeconds;
    waitedSeconds = 0;
    return waited;
  }

  /** Waits for the last one, whatever comes of it. */
  void forget() {
    writer.forget();
  }

  /** The latest one, for the run to go on from; empty before the first. */
  Optional<Checkpoint> latest() {
    Optional<Checkpoint> latest = directory.latestCheckpoint();
    lastSeconds = latest.map(one -> one.state().totals().seconds()).orElse(0.0);
    return latest;
  }

  /** Rounds of the latest one; 0 before the first. */
  long latestRounds() {
    return directory.latestCheckpoint().map(one -> one.state().totals().rounds()).orElse(0L);
  }

  private void timed(Runnable work) {
    long start = System.nanoTime();
    work.run();
    waitedSeconds += (System.nanoTime() - start) / 1e9;
  }

  /** Lets the last one be written. */
  @Override
  public void close() {
    writer.close();
  }
}
