package dev.convoy.worker.optimizer;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.tangent.TangentPropagation;
import java.io.Serializable;

/**
 * The update rule and what happens to a gradient before it.
 *
 * @param rule a member of {@link Optimizers#FAMILY}
 * @param learningRate the rate that the schedule scales, above 0
 * @param regularization penalties, clips and noise
 * @param schedule how the learning rate changes over the run; a member of {@link
 *     dev.convoy.worker.schedule.Schedules#FAMILY}
 * @param momentumSchedule how the rule's momentum does; a member of {@link
 *     dev.convoy.worker.schedule.MomentumSchedules#FAMILY}
 * @param sharpnessRadius of {@link SharpnessAwareGradient}; 0 for the gradient where the parameters
 *     are
 * @param layers which of them learn, and how fast
 */
public record OptimizerSettings(
    ComponentSettings rule,
    double learningRate,
    Regularization regularization,
    ComponentSettings schedule,
    ComponentSettings momentumSchedule,
    double sharpnessRadius,
    LayerRates layers)
    implements Serializable {

  /** The same with other layers that learn, or at other rates. */
  public OptimizerSettings with(LayerRates others) {
    return new OptimizerSettings(
        rule, learningRate, regularization, schedule, momentumSchedule, sharpnessRadius, others);
  }

  /**
   * Whether a segment's step needs no gradient but its own, and that of the batch alone: nothing is
   * clipped, and nothing disturbed.
   */
  public boolean stepsBySegment() {
    return sharpnessRadius == 0
        && regularization.clips().equals(GradientClips.NONE)
        && regularization.noise().gradientVariance() == 0
        && regularization.noise().weightDeviation() == 0;
  }

  /**
   * What bounds the gradient and the parameters, or disturbs them.
   *
   * @param penalties on parameters
   * @param clips of the gradient
   * @param maxNorm of the weights into a unit
   * @param noise on gradients and weights
   * @param tangents along which outputs are not to change; null for none
   */
  public record Regularization(
      Penalties penalties,
      GradientClips clips,
      MaxNorm maxNorm,
      Noise noise,
      TangentPropagation tangents)
      implements Serializable {
    /** Without noise and tangents. */
    public Regularization(Penalties penalties, GradientClips clips, MaxNorm maxNorm) {
      this(penalties, clips, maxNorm, Noise.NONE);
    }

    /** Without tangents. */
    public Regularization(Penalties penalties, GradientClips clips, MaxNorm maxNorm, Noise noise) {
      this(penalties, clips, maxNorm, noise, null);
    }

    /** How many images a network sees in a step on a batch. */
    public int imagesSeen(int batchSize) {
      return tangents == null ? batchSize : Math.multiplyExact(2, batchSize);
    }

    /**
     * The same for every layer: penalties on weights (never on biases or normalisation parameters),
     * a clip of the whole gradient, and a bound on the weights.
     */
    public Regularization(
        double l1, double l2, double weightDecay, double clipNorm, double maxNorm) {
      this(
          Penalties.ofWeights(l1, l2, weightDecay),
          GradientClips.ofNorm(clipNorm),
          new MaxNorm(maxNorm, LayerNames.ALL));
    }

    /** No penalty and no clip. */
    public static Regularization none() {
      return new Regularization(0, 0, 0, 0, 0);
    }
  }
}
