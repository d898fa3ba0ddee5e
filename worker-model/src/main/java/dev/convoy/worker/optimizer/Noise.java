package dev.convoy.worker.optimizer;

import java.io.Serializable;

/**
 * Normal noise that keeps training from fitting its images too closely. What is drawn follows from
 * the key of a step, and so differs from worker to worker and is the same when a step is repeated.
 *
 * @param gradientVariance of what is added to every value of the gradient in the first step, at
 *     least 0; 0 for none
 * @param gradientDecay how fast that variance falls: in step t, counted from 0, it is divided by (1
 *     + t)<sup>decay</sup>; at least 0
 * @param weightDeviation standard deviation of what is added to the weights for the gradient alone,
 *     at least 0; 0 for none
 */
public record Noise(double gradientVariance, double gradientDecay, double weightDeviation)
    implements Serializable {
  /** None. */
  public static final Noise NONE = new Noise(0, 0.55, 0);

  /** The standard deviation of the gradient's noise in a step, counted from 0. */
  double gradientDeviation(long step) {
    return Math.sqrt(gradientVariance / StrictMath.pow(1.0 + step, gradientDecay));
  }
}
