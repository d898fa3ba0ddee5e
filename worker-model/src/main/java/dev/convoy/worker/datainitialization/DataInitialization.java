package dev.convoy.worker.datainitialization;

import dev.convoy.worker.model.initialization.Initialization;
import java.util.Optional;

/** How the parameters of a network are changed by what its layers give for one batch. Immutable. */
public interface DataInitialization {
  /** How weights are drawn before; empty for as they were. */
  Optional<Initialization> start();

  /**
   * Changes the parameters of a layer whose inputs are those of layers that were changed before.
   *
   * @return what keeps the layer, or some of its units, as it was; empty if nothing does
   */
  Optional<String> adjust(MeasuredLayer layer);
}
