package dev.convoy.worker.optimizer;

import dev.convoy.data.component.ComponentSettings;

/**
 * The update rule and what happens to a gradient before it.
 *
 * @param name one of {@link UpdateRule#names()}
 * @param learningRate the rate that the schedule scales, above 0
 * @param momentum for {@code nesterov} and {@code sgd}: in [0, 1); plain sgd takes 0
 * @param adam the moments of {@code adam}
 * @param regularization penalties and clips
 * @param schedule how the learning rate changes over the run; see {@link
 *     dev.convoy.worker.schedule.Schedules}
 */
public record OptimizerSettings(
    String name,
    double learningRate,
    double momentum,
    AdamMoments adam,
    Regularization regularization,
    ComponentSettings schedule) {

  /**
   * Decay rates of Adam's moment estimates and its guard against division by zero.
   *
   * @param beta1 decay of the first moment, in [0, 1)
   * @param beta2 decay of the second moment, in [0, 1)
   * @param epsilon above 0
   */
  public record AdamMoments(double beta1, double beta2, double epsilon) {
    /** The values of Kingma and Ba 2015. */
    public static AdamMoments standard() {
      return new AdamMoments(0.9, 0.999, 1e-8);
    }
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
      double l1, double l2, double weightDecay, double clipNorm, double maxNorm) {
    /** No penalty and no clip. */
    public static Regularization none() {
      return new Regularization(0, 0, 0, 0, 0);
    }
  }
}
