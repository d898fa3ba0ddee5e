package dev.convoy.worker.optimizer;

import dev.convoy.data.component.ComponentSettings;

/** Optimizers of all layers alike, with the rule's own momentum all the time. */
public final class PlainOptimizer {
  private PlainOptimizer() {}

  /** The settings of one. */
  public static OptimizerSettings settings(
      ComponentSettings rule,
      double learningRate,
      OptimizerSettings.Regularization regularization,
      ComponentSettings schedule) {
    return new OptimizerSettings(
        rule,
        learningRate,
        regularization,
        schedule,
        ComponentSettings.defaults("constant"),
        0,
        LayerRates.ALIKE);
  }
}
