package dev.convoy.driver.trial;

import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Training images that several trials share: read when the first of them asks, kept for those that
 * follow, given up for others when there are too many. Thread-safe. Driver only.
 */
public final class DataPool implements AutoCloseable {
  private final SparkCluster cluster;
  private final Progress progress;
  private final int keep;
  private final Map<TrainingData.Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Entry {
    private int users;
    private TrainingData data;

    synchronized TrainingData open(
        SparkCluster cluster, RunConfiguration configuration, Progress progress) {
      if (data == null) {
        data = new TrainingData(cluster, configuration, progress);
      }
      return data;
    }

    synchronized void close() {
      if (data != null) {
        data.close();
        data = null;
      }
    }
  }

  /** Images in use by one trial, until it is closed. */
  public final class Lease implements AutoCloseable {
    private final Entry entry;
    private final TrainingData data;

    private Lease(Entry entry, TrainingData data) {
      this.entry = entry;
      this.data = data;
    }

    /** The images. */
    public TrainingData data() {
      return data;
    }

    @Override
    public void close() {
      release(entry);
    }
  }

  /**
   * An empty pool.
   *
   * @param keep how many sets of images stay that no trial uses, at least 1
   */
  public DataPool(SparkCluster cluster, Progress progress, int keep) {
    this.cluster = cluster;
    this.progress = progress;
    this.keep = keep;
  }

  /**
   * The images of a configuration.
   *
   * @throws dev.convoy.data.DataException if they cannot be used
   */
  public Lease lease(RunConfiguration configuration) {
    Entry entry;
    synchronized (entries) {
      entry = entries.computeIfAbsent(TrainingData.Key.of(configuration), key -> new Entry());
      entry.users++;
    }
    try {
      return new Lease(entry, entry.open(cluster, configuration, progress));
    } catch (RuntimeException | Error e) {
      release(entry);
      throw e;
    }
  }

  private void release(Entry released) {
    synchronized (entries) {
      released.users--;
      long idle = entries.values().stream().filter(entry -> entry.users == 0).count();
      Iterator<Entry> oldestFirst = entries.values().iterator();
      while (idle > keep && oldestFirst.hasNext()) {
        Entry entry = oldestFirst.next();
        if (entry.users == 0) {
          oldestFirst.remove();
          entry.close();
          idle--;
        }
      }
    }
  }

  @Override
  public void close() {
    synchronized (entries) {
      entries.values().forEach(Entry::close);
      entries.clear();
    }
  }
}
