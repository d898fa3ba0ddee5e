package dev.convoy.driver.directory;

import dev.convoy.data.DaemonThreads;
import dev.convoy.driver.averaging.Vector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Writes a run's checkpoints: small ones at once, large ones while the next round is trained. One
 * is written at a time, so a kill costs the round that is being trained, and of a large network
 * also the one before it. Used by one thread. Driver only.
 */
public final class CheckpointWriter implements AutoCloseable {
  private static final long LARGE_VALUES = 4L << 20;

  private final RunDirectory directory;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("checkpoint"));
  private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

  /** A writer with nothing to write yet. */
  public CheckpointWriter(RunDirectory directory) {
    this.directory = directory;
  }

  /**
   * Writes a checkpoint, or begins to.
   *
   * @param checkpoint what it reads stays as it is until {@link #await} has returned
   * @throws OutputException if it, or the one before it, cannot be written
   */
  public void write(Checkpoint checkpoint) {
    await();
    long values =
        checkpoint.state().model().vectors().values().stream().mapToLong(Vector::length).sum();
    if (values < LARGE_VALUES) {
      directory.write(checkpoint);
    } else {
      writing = CompletableFuture.runAsync(() -> directory.write(checkpoint), thread);
    }
  }

  /**
   * Waits until the last checkpoint is written.
   *
   * @throws OutputException if it cannot be
   */
  public void await() {
    try {
      writing.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    } finally {
      writing = CompletableFuture.completedFuture(null);
    }
  }

  /** Waits for the last checkpoint, whatever comes of it. */
  public void forget() {
    writing.exceptionally(failure -> null).join();
    writing = CompletableFuture.completedFuture(null);
  }

  /** Lets the last checkpoint be written. */
  @Override
  public void close() {
    forget();
    thread.shutdown();
  }
}
