package dev.convoy.worker.model.written;

/** A kind of layer with the values of its options. Immutable. */
@FunctionalInterface
interface LayerKind {
  /**
   * Adds its layers to a network.
   *
   * @throws dev.convoy.worker.model.LayerException if they cannot be there
   */
  void addTo(LayerPlace place);
}
