package dev.convoy.driver.ensemble.statistics;

import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import java.util.Arrays;

/** How probable each class is for an example: what is known of it where labels are noisy. */
@FunctionalInterface
public interface LabelDistribution {
  /**
   * Copies the distribution of one example's class.
   *
   * @param into one probability for each class
   */
  void read(int example, double[] into);

  /** All of it on the example's label: no noise. */
  static LabelDistribution oneHot(MemberPredictions predictions) {
    return (example, into) -> {
      Arrays.fill(into, 0);
      into[predictions.label(example)] = 1;
    };
  }
}
