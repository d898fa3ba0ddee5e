package dev.convoy.driver.averaging;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that the next round of training depends on, wherever it lies: in the driver's memory ({@link
 * ModelState}), in slices on executors, or in a checkpoint. Immutable. Driver only.
 */
public interface AveragedModel extends AutoCloseable {
  /** Every vector by its name, as {@link ModelState#arrays} names them. */
  SortedMap<String, Vector> vectors();

  /** Whether all parameters are numbers. */
  boolean isFinite();

  /** The network's parameters, flat; not to be written to. */
  default float[] parameters() {
    return vectors().get(ModelState.PARAMETERS).whole();
  }

  /** The moving average of the parameters; empty if none is kept. Not to be written to. */
  default Optional<float[]> movingAverage() {
    return Optional.ofNullable(vectors().get(ModelState.AVERAGING + MovingAverage.AVERAGE))
        .map(Vector::whole);
  }

  /** All but what workers keep for themselves, in memory; not to be written to. */
  default ModelState inMemory() {
    Map<String, float[]> arrays = new TreeMap<>();
    vectors()
        .forEach(
            (name, vector) -> {
              if (!ModelState.isOfWorker(name)) {
                arrays.put(name, vector.whole());
              }
            });
    return ModelState.of(arrays);
  }

  /** Frees what executors hold of it; nothing can be read any more. */
  @Override
  default void close() {}
}
