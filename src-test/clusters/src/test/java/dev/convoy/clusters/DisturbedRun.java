package dev.convoy.clusters;

import dev.convoy.Ended;
import dev.convoy.RunFiles;
import java.util.stream.Stream;

/** A run on a cluster whose processes are killed while it goes on. */
interface DisturbedRun extends AutoCloseable {
  /** Waits for so long, or for its end; returns whether it has ended. */
  boolean endsWithin(long milliseconds) throws InterruptedException;

  /** Waits for its end. */
  Ended end();

  /** How many rounds the latest checkpoint has behind it; 0 without one. */
  int checkpointedRounds();

  /** What the driver has said that is at work now; nothing as long as none follows a killed one. */
  String driverMessages();

  /** Kills the driver, after which another goes on; returns whether there was one. */
  boolean killDriver();

  /** The executors that live. */
  Stream<ProcessHandle> executors();

  /** What the run has written, when it has ended. */
  RunFiles files();

  @Override
  void close();
}
