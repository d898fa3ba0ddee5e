package dev.convoy.worker.training;

import dev.convoy.data.batch.Batch;
import dev.convoy.worker.accelerator.propagation.Propagation;

/**
 * What a network is to say of the images of a shard: their labels, or a distribution over the
 * classes for each (Hinton, Vinyals and Dean 2015, "Distilling the knowledge in a neural network",
 * at temperature 1).
 */
public final class Targets {
  private static final Targets LABELS = new Targets(null, 0);

  private final float[] distributions;
  private final int classes;

  private Targets(float[] distributions, int classes) {
    this.distributions = distributions;
    this.classes = classes;
  }

  /** The images' labels. */
  public static Targets labels() {
    return LABELS;
  }

  /**
   * Distributions over the classes.
   *
   * @param distributions axes [position in the shard, class]; each sums to 1; not copied
   * @param classes how many there are
   */
  public static Targets distributions(float[] distributions, int classes) {
    return new Targets(distributions, classes);
  }

  /**
   * Propagates a batch forward and its loss backward.
   *
   * @param order positions in the shard, in the order of the batches
   * @param first where in the order the batch begins
   * @return mean cross-entropy of the batch, in nats
   */
  double gradient(Propagation propagation, Batch batch, int[] order, int first, long dropoutKey) {
    if (distributions == null) {
      return propagation.gradient(batch.images(), batch.labels(), batch.size(), dropoutKey);
    }
    float[] targets = new float[batch.size() * classes];
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(distributions, order[first + i] * classes, targets, i * classes, classes);
    }
    return propagation.gradient(batch.images(), targets, batch.size(), dropoutKey);
  }
}
