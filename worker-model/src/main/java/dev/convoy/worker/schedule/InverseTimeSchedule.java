package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;

/** Falls as 1 / (1 + d t) after t epochs: the sum of rates is infinite, that of squares finite. */
final class InverseTimeSchedule extends AfterWarmUp {
  private static final Option<Double> DECAY =
      Option.number("decay", 1, Range.above(0), "1 / epochs until the rate is halved");

  static final Component<Schedule> COMPONENT =
      Component.named("inverse-time", "falls as 1 / t, fast and then ever more slowly")
          .from("Robbins and Monro, A Stochastic Approximation Method, 1951")
          .with(WarmUp.OPTION, DECAY)
          .createdBy(InverseTimeSchedule::new);

  private final double decay;

  private InverseTimeSchedule(OptionValues options) {
    super(options);
    this.decay = options.value(DECAY);
  }

  @Override
  double fraction(double epochs, double totalEpochs) {
    return 1 / (1 + decay * epochs);
  }
}
