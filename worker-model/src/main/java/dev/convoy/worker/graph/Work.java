package dev.convoy.worker.graph;

/**
 * What a node computes an example with.
 *
 * @param weights parameters that are learned
 * @param statistics parameters that are measured: running means and variances
 * @param multiplyAdds multiplications with a sum, of an example's forward pass; those of sums,
 *     functions, normalisations and poolings are not counted
 */
public record Work(long weights, long statistics, long multiplyAdds) {
  /** Of nodes without parameters. */
  static final Work NONE = new Work(0, 0, 0);

  /** Both together. */
  public Work plus(Work other) {
    return new Work(
        weights + other.weights, statistics + other.statistics, multiplyAdds + other.multiplyAdds);
  }
}
