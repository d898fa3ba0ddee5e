package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.List;

/** A rate that falls by the same factor whenever a milestone begins. */
final class StepSchedule implements Schedule {
  private static final Option<List<Double>> MILESTONES =
      Option.numbers(
          "milestones", List.of(), Range.ALL, "epochs at whose beginning the rate falls");

  static final Option<Double> FACTOR =
      Option.number(
          "factor", 0.1, Range.openClosed(0, 1), "what every fall multiplies the rate by");

  static final Component<Schedule> COMPONENT =
      Component.named("step", "falls by a factor at each milestone")
          .with(WarmUp.OPTION, MILESTONES, FACTOR)
          .createdBy(StepSchedule::new);

  private final WarmUp warmUp;
  private final List<Double> milestones;
  private final double factor;

  private StepSchedule(OptionValues options) {
    this.warmUp = WarmUp.of(options);
    this.milestones = options.value(MILESTONES);
    this.factor = options.value(FACTOR);
  }

  @Override
  public double factor(double epochs, double totalEpochs) {
    long passed = milestones.stream().filter(milestone -> epochs >= milestone).count();
    return warmUp.factor(epochs) * StrictMath.pow(factor, (double) passed);
  }

  @Override
  public double warmUpEpochs() {
    return warmUp.epochs();
  }
}
