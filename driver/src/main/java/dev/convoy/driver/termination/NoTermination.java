package dev.convoy.driver.termination;

import dev.convoy.data.component.Component;
import dev.convoy.driver.state.EarlyStopping;

/** Every trial is trained to its end. */
final class NoTermination implements TerminationRule {
  static final Component<TerminationRule> COMPONENT =
      Component.named("none", "every trial is trained to its end")
          .createdBy(options -> new NoTermination());

  @Override
  public Scheduler scheduler(int maxEpochs, Scheduler.Limits limits, EarlyStopping.Metric metric) {
    return Brackets.plain(maxEpochs, limits);
  }
}
