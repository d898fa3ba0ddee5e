package dev.convoy.driver.cluster;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.driver.exchange.LostSliceException;
import java.io.FileNotFoundException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Runs Spark jobs whose partitions return one value each. */
final class Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  /** Below a directory that Spark makes for blocks and temporary files, or YARN for a whole run. */
  private static final Pattern OF_SPARK =
      Pattern.compile(
          "/(?:(?:blockmgr|spark|executor)-\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}"
              + "|appcache/application_\\d+_\\d+)/");

  private Jobs() {}

  /**
   * Work on one shard, on an executor. Travels there: it captures serializable values only.
   *
   * @param <T> the result, registered in {@link KryoClasses}
   */
  @FunctionalInterface
  interface ShardTask<T> extends Serializable {
    T run(int shard) throws Exception;
  }

  /**
   * Runs a task for some shards, where Spark has cached them if it can.
   *
   * @param places one element for each shard
   * @param results see {@link #run(JavaRDD, Class, List, BiConsumer)}
   */
  static <T> void run(
      JavaRDD<Integer> places,
      ShardTask<T> task,
      Class<T> type,
      List<Integer> shards,
      BiConsumer<Integer, T> results) {
    run(
        places.mapPartitionsWithIndex(
            (shard, place) -> {
              place.forEachRemaining(ignored -> {}); // read to its end, Spark caches it here
              return List.of(task.run(shard)).iterator();
            },
            true),
        type,
        shards,
        results);
  }

  /** Runs over all partitions. */
  static <T> void run(JavaRDD<T> rdd, Class<T> type, BiConsumer<Integer, T> results) {
    run(rdd, type, IntStream.range(0, rdd.getNumPartitions()).boxed().toList(), results);
  }

  /**
   * Runs over some partitions and hands each one's only element to {@code results} with the
   * partition's number: one at a time, in the order in which they finish.
   *
   * @throws DataException if a task threw it
   * @throws NetworkException if a task threw it
   * @throws LostSliceException if a task threw it
   * @throws UnsuitableClusterException if a task threw it
   * @throws JobException for any other failure of the executors
   */
  static <T> void run(
      JavaRDD<T> rdd, Class<T> type, List<Integer> partitions, BiConsumer<Integer, T> results) {
    AbstractFunction2<Object, T, BoxedUnit> handler =
        new AbstractFunction2<>() {
          @Override
          public BoxedUnit apply(Object position, T result) {
            results.accept(partitions.get((Integer) position), result);
            return BoxedUnit.UNIT;
          }
        };
    ExecutorState.tellOwners(rdd.rdd().sparkContext());
    try {
      rdd.rdd()
          .sparkContext()
          .runJob(
              rdd.rdd(),
              new Only<T>(),
              JavaConverters.asScalaBuffer(List.<Object>copyOf(partitions)),
              handler,
              ClassTag$.MODULE$.apply(type));
    } catch (Exception e) {
      throw translate(e);
    }
  }

  /** What a failed job means; Scala throws Spark's checked exception unannounced. */
  static RuntimeException translate(Exception failure) {
    for (Throwable cause : ExceptionUtils.getThrowableList(failure)) {
      if (cause instanceof DataException data) {
        return data;
      }
      if (cause instanceof LostSliceException lost) {
        return lost;
      }
      if (cause instanceof UnsuitableClusterException unsuitable) {
        return unsuitable;
      }
      if (cause instanceof NetworkException network) {
        return new NetworkException(network.getMessage(), failure);
      }
      if (cause instanceof ChecksumException || isImageGone(cause)) {
        return new DataException(
            "Cannot read the images: " + cause.getMessage() + ". Restore the file.", cause);
      }
    }
    if (failure instanceof SparkException || failure instanceof InterruptedException) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      return new JobException(
          Text.of(
              "Cannot finish the work on executors: %s. %s.",
              String.valueOf(cause).lines().findFirst().orElse(""), advice(cause)),
          failure);
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException(failure);
  }

  /** Java throws the same where a machine has no room or handles left, and for files of Spark's. */
  private static boolean isImageGone(Throwable cause) {
    return cause instanceof FileNotFoundException
        && !isDiskFull(cause)
        && !hasTooManyFiles(cause)
        && !OF_SPARK.matcher(String.valueOf(cause.getMessage())).find();
  }

  private static String advice(Throwable failure) {
    if (isDiskFull(failure)) {
      return "Make room where the output and spark.local.dir are";
    }
    return hasTooManyFiles(failure)
        ? "Raise the limit of open files (ulimit -n)"
        : "CONVOY_LOG_LEVEL=WARN shows every attempt";
  }

  private static boolean isDiskFull(Throwable failure) {
    return says(failure, "No space left on device") || says(failure, "Disk quota exceeded");
  }

  private static boolean hasTooManyFiles(Throwable failure) {
    return says(failure, "Too many open files");
  }

  private static boolean says(Throwable failure, String words) {
    return ExceptionUtils.getThrowableList(failure).stream()
        .anyMatch(cause -> String.valueOf(cause.getMessage()).contains(words));
  }

  /**
   * Ends the task of this thread if its job has ended without it. Spark only marks such a task, and
   * what it leaves now would lie in sets that are deleted already.
   *
   * @throws TaskKilledException if nobody waits for it
   */
  static void requireAwaited() {
    if (TaskContext.get().isInterrupted()) {
      throw new TaskKilledException();
    }
  }

  /**
   * Frees what executors keep for an owner: at once as far as one small task for each slot reaches
   * them, and where all slots are busy before the next task. Failures are logged, because what is
   * kept goes with the executor at the latest.
   */
  static void release(SparkCluster cluster, long owner) {
    Owners.remove(owner);
    if (cluster.context().sc().isStopped()) {
      return;
    }
    ExecutorState.tellOwners(cluster.context().sc());
    try {
      cluster.numbers(cluster.slots()).foreachPartition(ignored -> ExecutorState.get());
    } catch (Exception e) {
      LOG.debug("Executors were not all reached", e);
    }
  }

  /**
   * Frees what is cached, and waits for it: if the application ended meanwhile, Spark's threads
   * would print a stack trace.
   */
  static void free(JavaRDD<?> cached) {
    quietly(() -> cached.unpersist(true));
  }

  /** The same of what was broadcast; it cannot be used any more. */
  static void free(Broadcast<?> broadcast) {
    quietly(() -> broadcast.destroy(true));
  }

  private interface Removal {
    void run() throws Exception;
  }

  /** Executors that are gone have nothing left to be freed. */
  private static void quietly(Removal removal) {
    try {
      removal.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.debug("Cannot free what Spark keeps", e);
    }
  }

  /** Where temporary files lie, on this executor or on the driver: one of spark.local.dir. */
  static Path scratch() {
    return Path.of(Utils.getLocalDir(SparkEnv.get().conf()));
  }

  private static final class Only<T> extends AbstractFunction2<TaskContext, Iterator<T>, T>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public T apply(TaskContext context, Iterator<T> elements) {
      return elements.next();
    }
  }
}
