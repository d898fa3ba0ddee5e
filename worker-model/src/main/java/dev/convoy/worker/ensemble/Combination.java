package dev.convoy.worker.ensemble;

/**
 * Combines the predictions of several members into one. A pure function, the same on the driver and
 * on executors; thread-safe.
 *
 * <p>The class that is chosen is the most probable one of the answer, and of equally probable ones
 * that with the lowest index.
 */
public interface Combination {
  /**
   * Combines the predictions for one example.
   *
   * @param probabilities class probabilities, axes [member, class]; not changed
   * @param parts which members count, one entry for each, at least one of them true
   * @param into class probabilities, one for each class; they sum to 1, as exactly as those of the
   *     members do
   * @throws IllegalArgumentException if lengths do not fit each other, or no member counts
   */
  void combine(float[] probabilities, boolean[] parts, double[] into);
}
