package dev.convoy.benchmark.compare;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.report.Results;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Runs peers in turn. For each task all of them are started, one after the other; then in every
 * repetition each runs for some seconds while the others wait for their turn, so that whatever else
 * the machine does falls on all alike.
 */
public final class Comparison {
  private final Installation installation;
  private final Settings settings;
  private final Path logs;
  private final PrintStream progress;

  /**
   * What to run.
   *
   * @param tasks in this order
   * @param peers in this order
   * @param repetitions of every measurement, at least 1
   * @param seconds of each, at least; a step that has begun is ended
   */
  public record Settings(List<Task> tasks, List<Peer> peers, int repetitions, double seconds) {
    /** Java's compilers are at work for about so long, and longer with two threads to compute. */
    private static final double LEAST_WARM_UP_SECONDS = 10;

    /** Copies the lists. */
    public Settings {
      tasks = List.copyOf(tasks);
      peers = List.copyOf(peers);
    }

    /** For how long a peer warms up: long enough for Java's compilers, whatever it is made of. */
    public double warmUpSeconds() {
      return Math.max(LEAST_WARM_UP_SECONDS, 2 * seconds);
    }
  }

  /**
   * A comparison that is to be run.
   *
   * @param logs the directory that the peers' messages go to
   */
  public Comparison(Installation installation, Settings settings, Path logs, PrintStream progress) {
    this.installation = installation;
    this.settings = settings;
    this.logs = logs;
    this.progress = progress;
  }

  /** Runs everything. */
  public void run(Results results) {
    List<Peer> present = new ArrayList<>();
    for (Peer peer : settings.peers()) {
      Optional<String> missing = peer.missing(installation);
      missing.ifPresentOrElse(reason -> skip(peer, reason, results), () -> present.add(peer));
    }
    for (Task task : settings.tasks()) {
      progress.println(task + ":");
      run(task, present.stream().filter(peer -> peer.takesPartIn(task)).toList(), results);
    }
  }

  private void skip(Peer peer, String reason, Results results) {
    progress.println("skipped: %s: %s".formatted(peer, reason));
    results.skip(peer, reason);
  }

  private void run(Task task, List<Peer> peers, Results results) {
    Map<Peer, PeerGroup> groups = new EnumMap<>(Peer.class);
    try {
      for (Peer peer : peers) {
        start(peer, task, results).ifPresent(group -> groups.put(peer, group));
      }
      checkEqual(task, groups);
      Map<Peer, List<Double>> samples = new EnumMap<>(Peer.class);
      for (int repetition = 0; repetition < settings.repetitions(); repetition++) {
        for (Peer peer : inTurn(new ArrayList<>(groups.keySet()), repetition)) {
          double imagesPerSecond = groups.get(peer).run(settings.seconds());
          samples.computeIfAbsent(peer, any -> new ArrayList<>()).add(imagesPerSecond);
        }
      }
      samples.forEach(
          (peer, values) -> {
            Measurement measurement = new Measurement(values);
            progress.println("  %-15s %s images/s".formatted(peer, measurement));
            PeerGroup group = groups.get(peer);
            results.add(task, peer, group.parameters(), group.peakBytes(), measurement);
          });
    } finally {
      groups.values().forEach(PeerGroup::close);
    }
  }

  private Optional<PeerGroup> start(Peer peer, Task task, Results results) {
    try {
      PeerGroup group = PeerGroup.start(peer, task, settings.warmUpSeconds(), installation, logs);
      results.version(peer, group.version());
      return Optional.of(group);
    } catch (BenchmarkException e) {
      if (peer == Peer.CONVOY) {
        throw e;
      }
      skip(peer, e.getMessage(), results);
      return Optional.empty();
    }
  }

  /** Every repetition begins with another peer: what the first one finds may differ. */
  public static <T> List<T> inTurn(List<T> all, int repetition) {
    List<T> turned = new ArrayList<>(all);
    if (!turned.isEmpty()) {
      Collections.rotate(turned, -(repetition % turned.size()));
    }
    return turned;
  }

  private static void checkEqual(Task task, Map<Peer, PeerGroup> groups) {
    if (groups.values().stream().mapToLong(PeerGroup::parameters).distinct().count() > 1) {
      StringBuilder counts = new StringBuilder();
      groups.forEach(
          (peer, group) ->
              counts.append(String.format(Locale.ROOT, " %s %d", peer, group.parameters())));
      throw new BenchmarkException(
          "Cannot compare %s: expected the same number of parameters everywhere, found%s"
              .formatted(task, counts));
    }
  }
}
