package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * metrics.jsonl as it grows. The file is written anew from time to time, less often when that takes
 * long, as that of a run of very many rounds on a slow store does; the lines in between are in
 * every checkpoint, so that none is lost or doubled when a run goes on. Driver only.
 */
public final class MetricsLog {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsLog.class);
  private static final long SHORTEST_PAUSE_NANOS = 5_000_000_000L;

  /** Between two writes there passes this many times as long as the first took. */
  private static final long PAUSE_PER_WRITE = 20;

  private final RunDirectory directory;
  private final List<String> lines;
  private int written;
  private long lastWrite = System.nanoTime();
  private long pauseNanos = SHORTEST_PAUSE_NANOS;

  private MetricsLog(RunDirectory directory, List<String> lines, int written) {
    this.directory = directory;
    this.lines = lines;
    this.written = written;
  }

  /** Of a run that begins. */
  public static MetricsLog empty(RunDirectory directory) {
    return new MetricsLog(directory, new ArrayList<>(), 0);
  }

  /** Of a run that goes on from a checkpoint. */
  public static MetricsLog resume(RunDirectory directory, Checkpoint.Metrics metrics) {
    List<String> file = directory.lines(RunDirectory.METRICS);
    int kept = Math.min(metrics.written(), file.size());
    if (kept < metrics.written()) {
      LOG.warn(
          "{}: expected at least {} lines, found {}: those that are missing are lost",
          directory.child(RunDirectory.METRICS),
          metrics.written(),
          kept);
    }
    List<String> lines = new ArrayList<>(file.subList(0, kept));
    lines.addAll(metrics.pending());
    return new MetricsLog(directory, lines, kept);
  }

  /** The lines so far that have that type. */
  public Stream<JsonNode> ofType(String type) {
    return RunDirectory.ofType(lines, type, directory.child(RunDirectory.METRICS));
  }

  /** Adds a line, and writes the file if it is a while since the last time. */
  public void add(ObjectNode line) {
    lines.add(line.toString());
    if (System.nanoTime() - lastWrite > pauseNanos) {
      flush();
    }
  }

  /** Writes the file. */
  public void flush() {
    long start = System.nanoTime();
    directory.writeLines(RunDirectory.METRICS, lines);
    written = lines.size();
    lastWrite = System.nanoTime();
    pauseNanos = Math.max(SHORTEST_PAUSE_NANOS, PAUSE_PER_WRITE * (lastWrite - start));
  }

  /** What a checkpoint must hold for the log to go on. */
  public Checkpoint.Metrics position() {
    return new Checkpoint.Metrics(written, lines.subList(written, lines.size()));
  }
}
