package dev.convoy.driver.exchange;

import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.executor.DataReadMethod$;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockResult;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
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
  private static final ClassTag<float[]> FLOATS = ClassTag$.MODULE$.apply(float[].class);
  private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

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
    blocks().putSingle(new RDDBlockId(set, index), values, level, true, FLOATS);
  }

  /** Puts one copy of bytes, which {@link #getBytes} reads. */
  static void put(int set, int index, byte[] bytes) {
    blocks()
        .putSingle(new RDDBlockId(set, index), bytes, StorageLevel.MEMORY_AND_DISK(), true, BYTES);
  }

  /**
   * An array, from here or from another executor; empty if none has it.
   *
   * @return shared, not to be written to
   */
  static Optional<float[]> get(int set, int index) {
    return get(set, index, FLOATS);
  }

  /** Bytes, from here or from another executor; empty if none has them. */
  static Optional<byte[]> getBytes(int set, int index) {
    return get(set, index, BYTES);
  }

  private static <T> Optional<T> get(int set, int index, ClassTag<T> type) {
    Option<BlockResult> found = blocks().get(new RDDBlockId(set, index), type);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (DataReadMethod$.MODULE$.Network().equals(found.get().readMethod())) {
      FetchedBytes.add(found.get().bytes());
    }
    // Read to its end, the block is unlocked.
    Iterator<Object> values = found.get().data();
    @SuppressWarnings("unchecked") // it was put as one
    T array = (T) values.next();
    while (values.hasNext()) {
      values.next();
    }
    return Optional.of(array);
  }

  /** Deletes a set wherever it lies, without waiting for it. Driver only. */
  static void remove(int set) {
    blocks().master().removeRdd(set, false);
  }

  private static BlockManager blocks() {
    return SparkEnv.get().blockManager();
  }
}
