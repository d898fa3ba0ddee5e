package dev.convoy.driver.configuration;

import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.AdamMoments;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.UpdateRule;

/** Reads the optimizer block. */
final class OptimizerReader {
  private OptimizerReader() {}

  static OptimizerSettings read(Settings settings) {
    return new OptimizerSettings(
        settings.oneOf("optimizer.name", UpdateRule.names()),
        settings.number("optimizer.learning-rate", "a number above 0", value -> value > 0),
        fractionBelowOne(settings, "optimizer.momentum"),
        new AdamMoments(
            fractionBelowOne(settings, "optimizer.beta1"),
            fractionBelowOne(settings, "optimizer.beta2"),
            settings.number("optimizer.epsilon", "a number above 0", value -> value > 0)),
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

  private static double fractionBelowOne(Settings settings, String key) {
    return settings.number(key, "a number in [0, 1)", value -> value >= 0 && value < 1);
  }

  private static double atLeastZero(Settings settings, String key) {
    return settings.number(key, "a number of at least 0", value -> value >= 0);
  }
}
