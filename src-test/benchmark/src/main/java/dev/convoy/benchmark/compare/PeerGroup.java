package dev.convoy.benchmark.compare;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.peer.PeerArguments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A peer at work on a task: as many processes as it is made of, which run at once. */
public final class PeerGroup implements AutoCloseable {
  private final List<PeerProcess> processes = new ArrayList<>();
  private Answer.Ready ready;

  private PeerGroup() {}

  /**
   * Starts a peer and waits until it is warm.
   *
   * @param logs the directory that its messages go to
   * @throws BenchmarkException if it ends before
   */
  public static PeerGroup start(
      Peer peer, Task task, double warmUpSeconds, Installation installation, Path logs) {
    PeerGroup group = new PeerGroup();
    try {
      PeerArguments arguments = new PeerArguments(task, warmUpSeconds);
      for (int i = 0; i < peer.processes(); i++) {
        group.processes.add(
            PeerProcess.start(
                peer.toString(),
                peer.command(installation, arguments),
                peer.threads(),
                logs.resolve(
                    String.format(
                        Locale.ROOT,
                        "%s-%s-%d-%s-%d.log",
                        peer,
                        task.workload(),
                        task.batch(),
                        task.mode(),
                        i))));
      }
      for (PeerProcess process : group.processes) {
        group.ready = process.ready();
      }
      return group;
    } catch (BenchmarkException e) {
      group.close();
      throw e;
    }
  }

  /** How many parameters the network learns. */
  public long parameters() {
    return ready.parameters();
  }

  /** Bytes that a process' replica took at most; 0 if nobody knows. */
  public long peakBytes() {
    return ready.peakBytes();
  }

  /** What is measured. */
  public String version() {
    return ready.version();
  }

  /** Runs for some seconds, while this waits; returns images per second, all processes together. */
  public double run(double seconds) {
    processes.forEach(process -> process.run(seconds));
    double sum = 0;
    for (PeerProcess process : processes) {
      sum += process.ran().imagesPerSecond();
    }
    return sum;
  }

  @Override
  public void close() {
    processes.forEach(PeerProcess::close);
  }
}
