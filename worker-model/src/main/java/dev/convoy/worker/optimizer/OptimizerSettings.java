package dev.convoy.worker.optimizer;

import dev.convoy.data.component.ComponentSettings;
import java.io.Serializable;

/**
 * The update rule and what happens to a gradient before it.
 *
 * @param rule a member of {@link Optimizers#FAMILY}
 * @param learningRate the rate that the schedule scales, above 0
 * @param regularization penalties and clips
 * @param schedule how the learning rate changes over the run; a member of {@link
 *     dev.convoy.worker.schedule.Schedules#FAMILY}
 * @param momentumSchedule how the rule's momentum does; a member of {@link
 *     dev.convoy.worker.schedule.MomentumSchedules#FAMILY}
 * @param sharpnessRadius of {@link SharpnessAwareGradient}; 0 for the gradient where the parameters
 *     are
 */
public record OptimizerSettings(
    ComponentSettings rule,
    double learningRate,
    Regularization regularization,
    ComponentSettings schedule,
    ComponentSettings momentumSchedule,
    double sharpnessRadius)
    implements Serializable {

  /** With the rule's own momentum all the time. */
  public OptimizerSettings(
      ComponentSettings rule,
      double learningRate,
      Regularization regularization,
      ComponentSettings schedule) {
    this(rule, learningRate, regularization, schedule, ComponentSettings.defaults("constant"), 0);
  }

  /**
   * Penalties and bounds on weights (never on biases or normalisation parameters) and the gradient
   * clip.
   *
   * @param l1 coefficient of the absolute values, added to the gradient, at least 0
   * @param l2 coefficient of the squares' half, added to the gradient, at least 0
   * @param weightDecay decoupled decay (Loshchilov and Hutter 2019): each step takes rate × decay ×
   *     weight off, at least 0
   * @param clipNorm largest Euclidean norm of the whole gradient; 0 for no clip
   * @param maxNorm largest Euclidean norm of the weights into one unit, restored after every step
   *     (Srebro and Shraibman 2005; Hinton et al. 2012); 0 for no bound
   */
  public record Regularization(
      double l1, double l2, double weightDecay, double clipNorm, double maxNorm)
      implements Serializable {
    /** No penalty and no clip. */
    public static Regularization none() {
      return new Regularization(0, 0, 0, 0, 0);
    }
  }
}
