package dev.convoy.driver.exchange;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManagerId;
import scala.collection.JavaConverters;

/**
 * The executor that holds an array, and where its block manager is reached: who knows it asks there
 * at once, and not the driver first. Travels to executors.
 *
 * @param executor that has it
 * @param host of its block manager
 * @param port of its block manager
 */
public record Holder(String executor, String host, int port) implements Serializable {
  /** Every executor that there is now, by its name. Driver only. */
  public static Map<String, Holder> all() {
    Map<String, Holder> all = new HashMap<>();
    for (BlockManagerId id :
        JavaConverters.asJavaIterable(
            SparkEnv.get().blockManager().master().getMemoryStatus().keys())) {
      all.put(id.executorId(), new Holder(id.executorId(), id.host(), id.port()));
    }
    return all;
  }

  /** Whether it is the executor that this code runs on. */
  boolean isHere() {
    return executor.equals(SparkEnv.get().executorId());
  }
}
