package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;

/** A straight line over what the warm-up leaves of the run. */
final class LinearSchedule extends AfterWarmUp {
  private static final Option<Double> INITIAL_FRACTION =
      Option.probability("initial-fraction", 1, "share of the rate that it begins with");

  static final Component<Schedule> COMPONENT =
      Component.named("linear", "falls, or rises, along a straight line")
          .with(WarmUp.OPTION, INITIAL_FRACTION, CosineSchedule.FINAL_FRACTION)
          .createdBy(LinearSchedule::new);

  private final double initialFraction;
  private final double finalFraction;

  private LinearSchedule(OptionValues options) {
    super(options);
    this.initialFraction = options.value(INITIAL_FRACTION);
    this.finalFraction = options.value(CosineSchedule.FINAL_FRACTION);
  }

  @Override
  double fraction(double epochs, double totalEpochs) {
    double progress = progress(epochs, totalEpochs);
    return initialFraction + (finalFraction - initialFraction) * progress;
  }
}
