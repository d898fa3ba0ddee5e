package dev.convoy.worker.optimizer;

import dev.convoy.data.component.ValueType;

/**
 * Layers with parameters by their depth: the first, the last, and the two halves of those between.
 * A network of two of them has no {@code LOWER} and {@code UPPER}, a network of one is all {@code
 * OUTPUT}.
 */
public enum LayerGroup {
  /** The layer that sees the images. */
  FIRST,
  /** The half of the others that is nearer to it. */
  LOWER,
  /** The half of the others that is nearer to the output. */
  UPPER,
  /** The layer that gives the output. */
  OUTPUT;

  /**
   * The group of a layer.
   *
   * @param depth which of the layers with parameters it is, counted from 0
   * @param layers how many there are
   */
  static LayerGroup of(int depth, int layers) {
    if (depth == layers - 1) {
      return OUTPUT;
    }
    if (depth == 0) {
      return FIRST;
    }
    return 2 * (depth - 1) < layers - 2 ? LOWER : UPPER;
  }

  /** The name in metrics.jsonl. */
  public String key() {
    return ValueType.nameOf(this);
  }
}
