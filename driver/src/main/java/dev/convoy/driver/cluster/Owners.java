package dev.convoy.driver.cluster;

import java.util.Set;
import java.util.TreeSet;

/**
 * Numbers the owners of what executors keep, and knows which are still there. One per JVM, as
 * {@link ExecutorState} is. Thread-safe. Driver only.
 */
final class Owners {
  private static final Set<Long> LIVE = new TreeSet<>();
  private static long version;
  private static long next;

  private Owners() {}

  /** The number of a new owner. */
  static synchronized long add() {
    version++;
    LIVE.add(next);
    return next++;
  }

  /** Releases an owner: tasks of later jobs free what executors keep for it. */
  static synchronized void remove(long owner) {
    version++;
    LIVE.remove(owner);
  }

  /** The owners that are not released. */
  static synchronized LiveOwners live() {
    return LiveOwners.of(version, next, LIVE);
  }
}
