package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;

/** A rate that never changes after the warm-up. */
final class ConstantSchedule implements Schedule {
  static final Component<Schedule> COMPONENT =
      Component.named("constant", "the same rate from the warm-up on")
          .with(WarmUp.OPTION)
          .createdBy(ConstantSchedule::new);

  private final WarmUp warmUp;

  private ConstantSchedule(OptionValues options) {
    this.warmUp = WarmUp.of(options);
  }

  @Override
  public double factor(double epochs, double totalEpochs) {
    return warmUp.factor(epochs);
  }

  @Override
  public double warmUpEpochs() {
    return warmUp.epochs();
  }
}
