package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;

/** Cosine annealing, with restarts, over what the warm-up leaves of the run. */
final class CosineSchedule implements Schedule {
  static final Option<Double> FINAL_FRACTION =
      Option.probability("final-fraction", 0, "share of the rate that is left at the end");

  private static final Option<Integer> CYCLES =
      Option.wholeNumber(
          "cycles", 1, 1, 1_000_000, "how often the rate falls, from its full height each time");

  static final Component<Schedule> COMPONENT =
      Component.named("cosine", "falls along half a cosine wave, once or several times")
          .from("Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017")
          .with(WarmUp.OPTION, FINAL_FRACTION, CYCLES)
          .createdBy(CosineSchedule::new);

  private final WarmUp warmUp;
  private final double finalFraction;
  private final int cycles;

  private CosineSchedule(OptionValues options) {
    this.warmUp = WarmUp.of(options);
    this.finalFraction = options.value(FINAL_FRACTION);
    this.cycles = options.value(CYCLES);
  }

  @Override
  public double factor(double epochs, double totalEpochs) {
    if (epochs < warmUp.epochs() || totalEpochs <= warmUp.epochs()) {
      return warmUp.factor(epochs);
    }
    double progress = (epochs - warmUp.epochs()) / (totalEpochs - warmUp.epochs());
    double inCycles = Math.min(1, progress) * cycles;
    double inThisCycle = progress < 1 ? Periods.partial(inCycles) : 1;
    return between(1, finalFraction, inThisCycle);
  }

  @Override
  public double warmUpEpochs() {
    return warmUp.epochs();
  }

  /** Half a cosine wave from {@code start}, at a progress of 0, to {@code end}, from 1 on. */
  static double between(double start, double end, double progress) {
    double clamped = Math.min(1, progress);
    return end + (start - end) * (1 + StrictMath.cos(StrictMath.PI * clamped)) / 2;
  }
}
