package dev.convoy.driver.directory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * metrics.jsonl as it grows. The file is written anew from time to time, less often when that takes
 * long, as that of a run of very many rounds on a slow store does; the lines in between are in
 * memory and in every checkpoint, so that none is lost or doubled when a run goes on. Driver only.
 */
public final class MetricsLog {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsLog.class);
  private static final long SHORTEST_PAUSE_NANOS = 5_000_000_000L;

  /** Between two writes there passes this many times as long as the first took. */
  private static final long PAUSE_PER_WRITE = 20;

  private final RunDirectory directory;

  /** How many lines of the file are this log's. */
  private int written;

  /** The lines after those. */
  private final List<String> pending;

  private long lastWrite = System.nanoTime();
  private long pauseNanos = SHORTEST_PAUSE_NANOS;

  private MetricsLog(RunDirectory directory, int written, List<String> pending) {
    this.directory = directory;
    this.written = written;
    this.pending = new ArrayList<>(pending);
  }

  /** Of a run that begins. */
  public static MetricsLog empty(RunDirectory directory) {
    return new MetricsLog(directory, 0, List.of());
  }

  /** Of a run that goes on from a checkpoint. */
  public static MetricsLog resume(RunDirectory directory, Checkpoint.Metrics metrics) {
    int kept = directory.forEachLine(RunDirectory.METRICS, metrics.written(), line -> {});
    MetricsLog log = new MetricsLog(directory, metrics.written(), metrics.pending());
    log.keep(kept);
    return log;
  }

  /** So many of the lines that were written are there. */
  private void keep(int there) {
    if (there < written) {
      LOG.warn(
          "{}: expected at least {} lines, found {}: those that are missing are lost",
          directory.child(RunDirectory.METRICS),
          written,
          there);
      written = there;
    }
  }

  /** What is made of the lines so far that have a type; damaged ones are passed over. */
  public <T> List<T> ofType(String type, Function<JsonNode, T> meaning) {
    TypedLines<T> lines = new TypedLines<>(type, directory.child(RunDirectory.METRICS), meaning);
    directory.forEachLine(RunDirectory.METRICS, written, lines);
    pending.forEach(lines);
    return lines.found();
  }

  /** Adds a line, and writes the file if it is a while since the last time. */
  public void add(ObjectNode line) {
    pending.add(line.toString());
    if (System.nanoTime() - lastWrite > pauseNanos) {
      flush();
    }
  }

  /** Writes the file. */
  public void flush() {
    long start = System.nanoTime();
    keep(directory.addLines(RunDirectory.METRICS, written, pending));
    written += pending.size();
    pending.clear();
    lastWrite = System.nanoTime();
    pauseNanos = Math.max(SHORTEST_PAUSE_NANOS, PAUSE_PER_WRITE * (lastWrite - start));
  }

  /** What a checkpoint must hold for the log to go on. */
  public Checkpoint.Metrics position() {
    return new Checkpoint.Metrics(written, pending);
  }
}
