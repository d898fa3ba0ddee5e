package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;

/** Falls as a power of what is left of the run. */
final class PolynomialSchedule extends AfterWarmUp {
  private static final Option<Double> POWER =
      Option.number("power", 2, Range.above(0), "of the share of the run that is left");

  static final Component<Schedule> COMPONENT =
      Component.named("polynomial", "falls as a power of what is left of the run")
          .from("Chen et al., DeepLab: Semantic Image Segmentation, 2017")
          .with(WarmUp.OPTION, POWER, CosineSchedule.FINAL_FRACTION)
          .createdBy(PolynomialSchedule::new);

  private final double power;
  private final double finalFraction;

  private PolynomialSchedule(OptionValues options) {
    super(options);
    this.power = options.value(POWER);
    this.finalFraction = options.value(CosineSchedule.FINAL_FRACTION);
  }

  @Override
  double fraction(double epochs, double totalEpochs) {
    double left = 1 - progress(epochs, totalEpochs);
    return finalFraction + (1 - finalFraction) * StrictMath.pow(left, power);
  }
}
