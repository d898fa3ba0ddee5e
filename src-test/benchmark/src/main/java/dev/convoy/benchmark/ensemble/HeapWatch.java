package dev.convoy.benchmark.ensemble;

import com.sun.management.GarbageCollectorMXBean;
import dev.convoy.benchmark.BenchmarkException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at this process's heap behind a full collection: when it is told to, and again and again on
 * a thread of its own, whatever the others do. Closing it ends that thread.
 */
final class HeapWatch implements AutoCloseable {
  private static final int ATTEMPTS = 5000;

  private final GarbageCollectorMXBean fullCollections;
  private final Set<String> heapPools;
  private final Thread watcher;
  private long most;
  private int looks;

  /**
   * Begins to watch.
   *
   * @param pauseMillis between two looks
   */
  HeapWatch(long pauseMillis) {
    List<GarbageCollectorMXBean> collectors =
        ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class);
    // Young collections come first.
    fullCollections = collectors.get(collectors.size() - 1);
    heapPools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toSet());
    watcher = new Thread(() -> watch(pauseMillis), "heap-watch");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch(long pauseMillis) {
    try {
      while (true) {
        Thread.sleep(pauseMillis);
        collect();
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /**
   * Bytes in use when a collection that begins now has ended.
   *
   * @throws BenchmarkException if the JVM does not collect
   */
  long look() {
    try {
      return collect()
          .orElseThrow(
              () ->
                  new BenchmarkException(
                      String.format(
                          Locale.ROOT,
                          "Cannot look at the heap: expected a full collection, found none in %d attempts",
                          ATTEMPTS)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkException("Interrupted while looking at the heap.", e);
    }
  }

  /** The JVM passes collections over while native code, such as a decoder's, holds an array. */
  private synchronized OptionalLong collect() throws InterruptedException {
    long before = fullCollections.getCollectionCount();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      ManagementFactory.getMemoryMXBean().gc();
      if (fullCollections.getCollectionCount() > before) {
        looks++;
        long used = used();
        most = Math.max(most, used);
        return OptionalLong.of(used);
      }
      Thread.sleep(1);
    }
    return OptionalLong.empty();
  }

  private long used() {
    Map<String, MemoryUsage> usage = fullCollections.getLastGcInfo().getMemoryUsageAfterGc();
    return heapPools.stream().mapToLong(pool -> usage.get(pool).getUsed()).sum();
  }

  /** What it has seen so far. */
  synchronized Streaming.Peak peak() {
    return new Streaming.Peak(most, looks);
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
