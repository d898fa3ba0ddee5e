package dev.convoy.driver.exchange;

import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.Slices;
import java.io.Serializable;
import java.util.Optional;

/**
 * What a round begins with, as executors read it. Travels there; arrays are not to be written to.
 *
 * <p>Reading throws {@link LostSliceException} if something is on no executor any more.
 */
public interface RoundStart extends Serializable {
  /** The parameters that workers start from, flat. */
  float[] parameters();

  /** The optimizer's state that workers start from, flat; empty for zeros. */
  float[] optimizerState();

  /**
   * What a worker has kept for itself; empty before the first round.
   *
   * @param shard which worker
   * @param name of the vector, as {@link dev.convoy.driver.averaging.Averaging#kept} has it
   */
  Optional<float[]> kept(int shard, String name);

  /** A slice of {@link #parameters}. */
  float[] startSlice(int slice, Slices slices);

  /** A slice of the state that the round began with, without what workers keep. */
  ModelState slice(int slice, Slices slices);
}
