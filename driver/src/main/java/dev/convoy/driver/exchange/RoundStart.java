package dev.convoy.driver.exchange;

import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.Slices;
import java.io.Serializable;

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

  /** A slice of the state that the round began with. */
  ModelState slice(int slice, Slices slices);
}
