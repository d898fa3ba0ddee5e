package dev.convoy.driver.termination;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.driver.state.EarlyStopping.Metric;

/** Schedulers of rules by their settings. */
final class Schedulers {
  private Schedulers() {}

  static Scheduler of(ComponentSettings rule, int maxEpochs, Scheduler.Limits limits) {
    return TerminationRules.FAMILY
        .create(rule)
        .scheduler(maxEpochs, limits, Metric.VALIDATION_ACCURACY);
  }
}
