package dev.convoy.driver.configuration;

import static dev.convoy.data.component.ValueType.number;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Range;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.Optimizers;

/** Reads the optimizer block. */
final class OptimizerReader {
  private OptimizerReader() {}

  static OptimizerSettings read(Settings settings) {
    ComponentSettings rule = ComponentBlock.OPTIMIZER.read(settings);
    return new OptimizerSettings(
        rule,
        settings.get("optimizer.learning-rate", number(Range.above(0))),
        new Regularization(
            settings.get("optimizer.l1", number(Range.atLeast(0))),
            settings.get("optimizer.l2", number(Range.atLeast(0))),
            settings.get("optimizer.weight-decay", number(Range.atLeast(0))),
            bound(settings, "optimizer.clip-norm"),
            bound(settings, "optimizer.max-norm")),
        ComponentBlock.SCHEDULE.read(settings),
        momentumSchedule(settings, rule),
        bound(settings, "optimizer.sharpness.radius"));
  }

  private static ComponentSettings momentumSchedule(Settings settings, ComponentSettings rule) {
    ComponentSettings schedule = ComponentBlock.MOMENTUM_SCHEDULE.read(settings);
    if (!schedule.name().equals("constant")
        && Optimizers.FAMILY.create(rule).momentum().isEmpty()) {
      settings.problem(
          ComponentBlock.MOMENTUM_SCHEDULE.nameKey(),
          "constant for " + rule.name() + ", which has no momentum to change");
    }
    return schedule;
  }

  /** 0 for none. */
  private static double bound(Settings settings, String key) {
    return settings.get(key, number(Range.above(0)).orNull()).orElse(0.0);
  }
}
