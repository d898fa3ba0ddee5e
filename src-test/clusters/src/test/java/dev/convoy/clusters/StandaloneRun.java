package dev.convoy.clusters;

import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import java.util.List;
import java.util.stream.Stream;

/**
 * A run on a standalone cluster whose driver is the submitting process: where it is killed, the
 * command is given again.
 */
final class StandaloneRun implements DisturbedRun {
  private final StandaloneSpark cluster;
  private final RunFiles files = Runs.newRun("killed");
  private Application driver;

  /** Starts it. */
  StandaloneRun(StandaloneSpark cluster) {
    this.cluster = cluster;
    driver = submit();
  }

  private Application submit() {
    return cluster.submit(List.of(), "", RandomKills.command(files.argument()));
  }

  @Override
  public boolean endsWithin(long milliseconds) throws InterruptedException {
    return driver.endsWithin(milliseconds);
  }

  @Override
  public Ended end() {
    return driver.end();
  }

  @Override
  public int checkpointedRounds() {
    return files.checkpointedRounds();
  }

  @Override
  public String driverMessages() {
    return driver.messages();
  }

  @Override
  public boolean killDriver() {
    driver.kill();
    driver.close();
    driver = submit();
    return true;
  }

  @Override
  public Stream<ProcessHandle> executors() {
    return cluster.executors();
  }

  @Override
  public RunFiles files() {
    return files;
  }

  @Override
  public void close() {
    driver.close();
  }
}
