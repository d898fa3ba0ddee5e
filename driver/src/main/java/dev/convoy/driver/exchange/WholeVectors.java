package dev.convoy.driver.exchange;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;

/**
 * Vectors that were put together on this executor: once for all tasks that need one at the same
 * time, and forgotten when none does. Thread-safe.
 */
final class WholeVectors {
  private static final Map<String, WeakReference<float[]>> VECTORS = new HashMap<>();

  private WholeVectors() {}

  /**
   * The vector of that name, put together if it is not there.
   *
   * @param name in this application
   */
  static synchronized float[] get(String name, Supplier<float[]> together) {
    VECTORS.values().removeIf(vector -> vector.get() == null);
    String key = SparkEnv.get().conf().getAppId() + " " + name;
    WeakReference<float[]> there = VECTORS.get(key);
    float[] known = there == null ? null : there.get();
    if (known != null) {
      return known;
    }
    float[] whole = together.get();
    VECTORS.put(key, new WeakReference<>(whole));
    return whole;
  }
}
