package dev.convoy.driver.exchange;

import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;
import org.apache.spark.executor.DataReadMethod$;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Arrays of floats, and of bytes, in Spark's block managers: put on one executor, and read from
 * wherever it lies, the executor itself included, where reading copies nothing. What memory has no
 * room for is on the executor's disk. Thread-safe.
 *
 * <p>The arrays are blocks of a data set that has a number and nothing else: Spark shows, moves and
 * deletes them as it does a cached one's, and dynamic allocation keeps their executors.
 */
final class SliceStore {
  private static final Logger LOG = LoggerFactory.getLogger(SliceStore.class);
  private static final Class<float[]> FLOATS = float[].class;
  private static final Class<byte[]> BYTES = byte[].class;

  private SliceStore() {}

  /** A number for arrays that are deleted together. Driver only. */
  static int newSet(SparkContext context) {
    return context.newRddId();
  }

  /**
   * Puts an array.
   *
   * @param index of the array in the set
   * @param values shared from now on, not to be written to; where the array is there already, as
   *     after a retry, it stays, and is the same
   * @param copies 2 for one on another executor, too, so that losing either loses nothing
   */
  static void put(int set, int index, float[] values, int copies) {
    StorageLevel level =
        copies > 1 ? StorageLevel.MEMORY_AND_DISK_2() : StorageLevel.MEMORY_AND_DISK();
    blocks().putSingle(new RDDBlockId(set, index), values, level, true, tag(FLOATS));
  }

  /**
   * Puts one copy that nobody finds who does not know where it is: the driver is not told of it,
   * which it would be as often as there are workers times slices.
   */
  static void putUntold(int set, int index, float[] values) {
    putUntold(set, index, values, FLOATS);
  }

  /** The same of bytes. */
  static void putUntold(int set, int index, byte[] bytes) {
    putUntold(set, index, bytes, BYTES);
  }

  private static <T> void putUntold(int set, int index, T values, Class<T> type) {
    blocks()
        .putSingle(
            new RDDBlockId(set, index), values, StorageLevel.MEMORY_AND_DISK(), false, tag(type));
  }

  /**
   * An array, from here or from another executor; empty if none has it.
   *
   * @return shared, not to be written to
   */
  static Optional<float[]> get(int set, int index) {
    return get(set, index, FLOATS);
  }

  /** An array of an executor's; empty if it is gone, or does not have it. */
  static Optional<float[]> getFrom(Holder holder, int set, int index) {
    return getFrom(holder, set, index, FLOATS);
  }

  /** The same of bytes. */
  static Optional<byte[]> getBytesFrom(Holder holder, int set, int index) {
    return getFrom(holder, set, index, BYTES);
  }

  private static <T> Optional<T> get(int set, int index, Class<T> type) {
    Option<BlockResult> found = blocks().get(new RDDBlockId(set, index), tag(type));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (DataReadMethod$.MODULE$.Network().equals(found.get().readMethod())) {
      FetchedBytes.add(found.get().bytes());
    }
    return Optional.of(only(found.get().data(), type));
  }

  private static <T> Optional<T> getFrom(Holder holder, int set, int index, Class<T> type) {
    RDDBlockId block = new RDDBlockId(set, index);
    if (holder.isHere()) {
      Option<BlockResult> here = blocks().getLocalValues(block);
      return here.isEmpty() ? Optional.empty() : Optional.of(only(here.get().data(), type));
    }
    try {
      ManagedBuffer fetched =
          blocks()
              .blockTransferService()
              .fetchBlockSync(holder.host(), holder.port(), holder.executor(), block.name(), null);
      FetchedBytes.add(fetched.size());
      return Optional.of(
          only(
              blocks()
                  .serializerManager()
                  .dataDeserializeStream(block, fetched.createInputStream(), tag(type)),
              type));
    } catch (Exception e) {
      // Spark says in many ways, some of them checked and unannounced, that nobody is there.
      LOG.info("{} cannot be had from {}", block, holder, e);
      return Optional.empty();
    }
  }

  private static <T> T only(Iterator<?> values, Class<T> type) {
    T array = type.cast(values.next());
    // Read to its end, the block is unlocked.
    while (values.hasNext()) {
      values.next();
    }
    return array;
  }

  private static <T> ClassTag<T> tag(Class<T> type) {
    return ClassTag$.MODULE$.apply(type);
  }

  /**
   * Deletes a set wherever it lies, without waiting for it, and tells those who count what
   * executors keep, such as dynamic allocation. Driver only.
   */
  static void remove(int set) {
    Option<SparkContext> active = SparkContext$.MODULE$.getActive();
    if (active.isDefined()) {
      active.get().unpersistRDD(set, false);
    }
  }

  private static BlockManager blocks() {
    return SparkEnv.get().blockManager();
  }
}
