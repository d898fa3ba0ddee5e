package dev.convoy.driver.averaging;

import java.util.Optional;
import java.util.SortedMap;

/**
 * All that the next round of training depends on, wherever it lies: in the driver's memory ({@link
 * ModelState}), or in slices on executors. Immutable. Driver only.
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

  /** Frees what executors hold of it; nothing can be read any more. */
  @Override
  default void close() {}
}
