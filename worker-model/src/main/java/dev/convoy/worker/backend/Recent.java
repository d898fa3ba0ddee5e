package dev.convoy.worker.backend;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The plans used last; the others are closed. A run needs few: of the batch size, and of what is
 * left at the end of a shard.
 *
 * @param <K> what tells plans apart
 * @param <P> plans
 */
public final class Recent<K, P extends AutoCloseable> extends LinkedHashMap<K, P> {
  private static final long serialVersionUID = 1L;

  private static final int MOST_PLANS = 4;

  /** None yet. */
  public Recent() {
    super(MOST_PLANS, 0.75f, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, P> eldest) {
    if (size() <= MOST_PLANS) {
      return false;
    }
    close(eldest.getValue());
    return true;
  }

  /** Closes all. */
  public void closeAll() {
    values().forEach(Recent::close);
    clear();
  }

  private static void close(AutoCloseable plan) {
    try {
      plan.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot free native memory", e);
    }
  }
}
