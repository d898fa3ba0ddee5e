package dev.convoy.clusters;

import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A run whose driver is in YARN's application master, which YARN starts anew. */
final class YarnRun implements DisturbedRun {
  static final String EXECUTOR = "YarnCoarseGrainedExecutorBackend";
  static final String DRIVER = "yarn.ApplicationMaster";

  private final HadoopCluster cluster;
  private final Application submission;
  private final String output;
  private Optional<Path> logOfTheDead;

  /**
   * Follows it.
   *
   * @param submission that waits for its end
   * @param output where it writes, on the cluster's HDFS
   */
  YarnRun(HadoopCluster cluster, Application submission, String output) {
    this.cluster = cluster;
    this.submission = submission;
    this.output = output;
    logOfTheDead = cluster.latestDriverLog();
  }

  @Override
  public boolean endsWithin(long milliseconds) throws InterruptedException {
    return submission.endsWithin(milliseconds);
  }

  @Override
  public Ended end() {
    return submission.end();
  }

  @Override
  public int checkpointedRounds() {
    return cluster.checkpointedRounds(output);
  }

  @Override
  public String driverMessages() {
    Optional<Path> log = cluster.latestDriverLog();
    return log.equals(logOfTheDead) ? "" : log.map(YarnRun::text).orElse("");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean killDriver() {
    Optional<ProcessHandle> driver = HadoopCluster.containers(DRIVER).findFirst();
    logOfTheDead = driver.isPresent() ? cluster.latestDriverLog() : logOfTheDead;
    driver.ifPresent(ProcessHandle::destroyForcibly);
    return driver.isPresent();
  }

  @Override
  public Stream<ProcessHandle> executors() {
    return HadoopCluster.containers(EXECUTOR);
  }

  @Override
  public RunFiles files() {
    Path local = Runs.newDirectory("downloaded").resolve("run");
    cluster.download(output, local);
    return new RunFiles(local);
  }

  @Override
  public void close() {
    submission.close();
  }
}
