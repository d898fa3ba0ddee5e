package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;

/** A rate that falls by the same factor again and again. */
final class PeriodicStepSchedule extends AfterWarmUp {
  private static final Option<Double> PERIOD =
      Option.epochs("period", 30, Range.above(0), "time from one fall of the rate to the next");

  static final Component<Schedule> COMPONENT =
      Component.named("periodic-step", "falls by a factor again and again")
          .with(WarmUp.OPTION, PERIOD, StepSchedule.FACTOR)
          .createdBy(PeriodicStepSchedule::new);

  private final double period;
  private final double factor;

  private PeriodicStepSchedule(OptionValues options) {
    super(options);
    this.period = options.value(PERIOD);
    this.factor = options.value(StepSchedule.FACTOR);
  }

  @Override
  double fraction(double epochs, double totalEpochs) {
    return StrictMath.pow(factor, Periods.whole(epochs / period));
  }
}
