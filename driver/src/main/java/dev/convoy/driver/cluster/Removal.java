package dev.convoy.driver.cluster;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees what Spark caches, and waits for it: if the application ended meanwhile, Spark's threads
 * would print a stack trace. Driver only.
 */
final class Removal {
  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

  private Removal() {}

  /** Frees what is cached. */
  static void of(JavaRDD<?> cached) {
    quietly(() -> cached.unpersist(true));
  }

  /** Frees what was broadcast; it cannot be used any more. */
  static void of(Broadcast<?> broadcast) {
    quietly(() -> broadcast.destroy(true));
  }

  private interface Action {
    void run() throws Exception;
  }

  /** Executors that are gone have nothing left to be freed. */
  private static void quietly(Action removal) {
    try {
      removal.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.debug("Cannot free what Spark keeps", e);
    }
  }
}
