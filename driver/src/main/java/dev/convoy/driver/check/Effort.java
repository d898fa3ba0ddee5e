package dev.convoy.driver.check;

import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.LayerTable;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;

/**
 * How many steps of which size checks take: fewer and smaller ones for networks that compute for
 * longer, so that minutes are enough. It depends on the network alone, not on the machine's speed:
 * the same configuration has the same verdicts.
 *
 * @param batchSize images in a step
 * @param share of the steps that a small network is given
 */
record Effort(int batchSize, double share) {
  /** Multiplications of an image's forward pass, up to which a network is small. */
  private static final long SMALL = 100_000_000L;

  private static final long MIDDLE = 1_000_000_000L;

  static Effort of(RunConfiguration configuration, int classes) {
    InputShape input = InputShape.of(configuration.data().shape(), classes);
    long work;
    try {
      work =
          LayerTable.of(GraphReader.read(Models.configuration(configuration.model(), input), input))
              .work()
              .multiplyAdds();
    } catch (UnsupportedNetworkException e) {
      work = SMALL; // computed by layers that nobody counts
    }
    int most = work <= SMALL ? 32 : work <= MIDDLE ? 16 : 8;
    double share = work <= SMALL ? 1 : work <= MIDDLE ? 0.5 : 0.3;
    return new Effort(Math.min(configuration.training().batchSize(), most), share);
  }

  /** So many steps for a small network, fewer for others. */
  int steps(int ofSmall) {
    return Math.max(1, (int) Math.round(share * ofSmall));
  }
}
