package dev.convoy.driver.configuration;

import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;

/** Reads the optimizer block. */
final class OptimizerReader {
  private OptimizerReader() {}

  static OptimizerSettings read(Settings settings) {
    return new OptimizerSettings(
        ComponentBlock.OPTIMIZER.read(settings),
        settings.number("optimizer.learning-rate", "a number above 0", value -> value > 0),
        new Regularization(
            atLeastZero(settings, "optimizer.l1"),
            atLeastZero(settings, "optimizer.l2"),
            atLeastZero(settings, "optimizer.weight-decay"),
            optionalBound(settings, "optimizer.clip-norm"),
            optionalBound(settings, "optimizer.max-norm")),
        ComponentBlock.SCHEDULE.read(settings));
  }

  private static double optionalBound(Settings settings, String key) {
    return settings.isNull(key)
        ? 0
        : settings.number(key, "a number above 0 or null", value -> value > 0);
  }

  private static double atLeastZero(Settings settings, String key) {
    return settings.number(key, "a number of at least 0", value -> value >= 0);
  }
}
