package dev.convoy.driver.cluster;

import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Packed shards on an executor, in memory and in spill files. Of one owner's shards so many are
 * kept; beyond, those go that have not been used for the longest time, and are packed again if they
 * are asked for. None is closed while a task uses it. Thread-safe.
 */
final class ShardCache {
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final LongPredicate isReleased;

  /**
   * An empty cache.
   *
   * @param isReleased whether an owner has gone for good
   */
  ShardCache(LongPredicate isReleased) {
    this.isReleased = isReleased;
  }

  /** Which shard of whose. */
  record Key(long owner, int index) {}

  /** Makes a shard. */
  interface Source {
    /** Packs it, with memory of that budget. */
    Shard pack(MemoryBudget budget) throws IOException;

    /** Called after the shard was evicted. */
    void evicted();
  }

  /** A place for one shard; the lock on it keeps two tasks from packing the same one. */
  private static final class Entry {
    private final Source source;
    private Shard shard;
    private int users;
    private boolean dropped;

    Entry(Source source) {
      this.source = source;
    }

    boolean isIdle() {
      return users == 0;
    }
  }

  /** A shard in use, until this is closed. */
  final class Lease implements AutoCloseable {
    private final Entry entry;
    private final Shard shard;

    private Lease(Entry entry, Shard shard) {
      this.entry = entry;
      this.shard = shard;
    }

    Shard shard() {
      return shard;
    }

    @Override
    public void close() {
      leave(entry);
    }
  }

  /**
   * The shard of that key, packed by the first task that asks for it.
   *
   * @param keep shards of that owner, at least 1; more only while they are in use
   * @throws IllegalStateException if the owner has been released: only a task that nobody waits for
   *     asks then
   */
  Lease lease(Key key, int keep, MemoryBudget budget, Source source) throws IOException {
    Entry entry = enter(key, source);
    try {
      synchronized (entry) {
        if (entry.shard == null) {
          evict(key.owner(), keep);
          entry.shard = source.pack(budget);
        }
        return new Lease(entry, entry.shard);
      }
    } catch (IOException | RuntimeException | Error e) {
      leave(entry);
      throw e;
    }
  }

  private synchronized Entry enter(Key key, Source source) {
    if (isReleased.test(key.owner())) {
      throw new IllegalStateException("Cannot read a shard: its images have been released.");
    }
    Entry entry = entries.computeIfAbsent(key, ignored -> new Entry(source));
    entry.users++;
    return entry;
  }

  private void leave(Entry entry) {
    boolean last;
    synchronized (this) {
      entry.users--;
      last = entry.dropped && entry.isIdle();
    }
    if (last) {
      close(entry);
    }
  }

  private void evict(long owner, int keep) {
    List<Entry> evicted = new ArrayList<>();
    synchronized (this) {
      long excess = entries.keySet().stream().filter(key -> key.owner() == owner).count() - keep;
      Iterator<Map.Entry<Key, Entry>> oldestFirst = entries.entrySet().iterator();
      while (excess > 0 && oldestFirst.hasNext()) {
        Map.Entry<Key, Entry> oldest = oldestFirst.next();
        if (oldest.getKey().owner() == owner && oldest.getValue().isIdle()) {
          oldestFirst.remove();
          evicted.add(oldest.getValue());
          excess--;
        }
      }
    }
    for (Entry entry : evicted) {
      close(entry);
      entry.source.evicted();
    }
  }

  /** Closes the shards whose owner has been released; one in use when its last task ends. */
  void closeReleased() {
    List<Entry> closing = new ArrayList<>();
    synchronized (this) {
      Iterator<Map.Entry<Key, Entry>> all = entries.entrySet().iterator();
      while (all.hasNext()) {
        Map.Entry<Key, Entry> entry = all.next();
        if (isReleased.test(entry.getKey().owner())) {
          all.remove();
          entry.getValue().dropped = true;
          if (entry.getValue().isIdle()) {
            closing.add(entry.getValue());
          }
        }
      }
    }
    closing.forEach(ShardCache::close);
  }

  /** An entry that no task uses and none can find. */
  private static void close(Entry entry) {
    if (entry.shard != null) {
      entry.shard.close();
    }
  }
}
