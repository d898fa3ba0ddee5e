package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.OptionalDouble;

/** The inverse of the learning rate's one cycle: falls as that rises, and rises as that falls. */
final class OneCycleMomentum implements MomentumSchedule {
  private static final Option<Double> HIGHEST =
      Option.number("highest", 0.95, Range.closedOpen(0, 1), "momentum at both ends");

  private static final Option<Double> LOWEST =
      Option.number("lowest", 0.85, Range.closedOpen(0, 1), "momentum at the peak of the rate");

  static final Component<MomentumSchedule> COMPONENT =
      Component.named("one-cycle", "falls to the rate's peak and rises again, the cycle's inverse")
          .from("Smith, A Disciplined Approach to Neural Network Hyper-Parameters: Part 1, 2018")
          .with(HIGHEST, LOWEST, OneCycleSchedule.PEAK_AT)
          .createdBy(OneCycleMomentum::new);

  private final double highest;
  private final double lowest;
  private final double peakAt;

  private OneCycleMomentum(OptionValues options) {
    this.highest = options.value(HIGHEST);
    this.lowest = options.value(LOWEST);
    this.peakAt = options.value(OneCycleSchedule.PEAK_AT);
  }

  @Override
  public OptionalDouble momentum(double epochs, double totalEpochs) {
    double progress = epochs / totalEpochs;
    return OptionalDouble.of(
        progress < peakAt
            ? CosineSchedule.between(highest, lowest, progress / peakAt)
            : CosineSchedule.between(lowest, highest, (progress - peakAt) / (1 - peakAt)));
  }
}
