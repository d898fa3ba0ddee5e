package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;

/** Falls by the same factor in every epoch, evenly within it: γᵗ after t epochs. */
final class ExponentialSchedule extends AfterWarmUp {
  private static final Option<Double> GAMMA =
      Option.number("gamma", 0.95, Range.openClosed(0, 1), "what an epoch multiplies the rate by");

  static final Component<Schedule> COMPONENT =
      Component.named("exponential", "falls by the same factor in every epoch")
          .with(WarmUp.OPTION, GAMMA)
          .createdBy(ExponentialSchedule::new);

  private final double gamma;

  private ExponentialSchedule(OptionValues options) {
    super(options);
    this.gamma = options.value(GAMMA);
  }

  @Override
  double fraction(double epochs, double totalEpochs) {
    return StrictMath.pow(gamma, epochs);
  }
}
