package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;

/** Cosine annealing in cycles, each so many times as long as the one before. */
final class WarmRestartsSchedule extends AfterWarmUp {
  private static final Option<Double> FIRST_CYCLE =
      Option.epochs("first-cycle", 10, Range.above(0), "length of the first fall");

  private static final Option<Double> CYCLE_GROWTH =
      Option.number("cycle-growth", 2, Range.atLeast(1), "length of a fall / of the one before");

  static final Component<Schedule> COMPONENT =
      Component.named("warm-restarts", "falls along half a cosine wave, each longer than the last")
          .from("Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017")
          .with(WarmUp.OPTION, FIRST_CYCLE, CYCLE_GROWTH, CosineSchedule.FINAL_FRACTION)
          .createdBy(WarmRestartsSchedule::new);

  private final double firstCycle;
  private final double cycleGrowth;
  private final double finalFraction;

  private WarmRestartsSchedule(OptionValues options) {
    super(options);
    this.firstCycle = options.value(FIRST_CYCLE);
    this.cycleGrowth = options.value(CYCLE_GROWTH);
    this.finalFraction = options.value(CosineSchedule.FINAL_FRACTION);
  }

  @Override
  double fraction(double epochs, double totalEpochs) {
    return CosineSchedule.between(1, finalFraction, inThisCycle(epochs));
  }

  private double inThisCycle(double epochs) {
    if (cycleGrowth == 1) {
      return Periods.partial(epochs / firstCycle);
    }
    double begin = 0;
    double length = firstCycle;
    while (epochs - begin >= length * (1 - Periods.ROUNDING)) {
      begin += length;
      length *= cycleGrowth;
    }
    return Math.max(0, epochs - begin) / length;
  }
}
