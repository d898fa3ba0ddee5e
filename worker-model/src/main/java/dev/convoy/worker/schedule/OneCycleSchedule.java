package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;

/** One rise to the peak and one longer fall, both half cosine waves. */
final class OneCycleSchedule implements Schedule {
  static final Option<Double> PEAK_AT =
      Option.number("peak-at", 0.3, Range.open(0, 1), "share of the run before the peak");

  private static final Option<Double> INITIAL_DIVISION =
      Option.number("initial-division", 25, Range.atLeast(1), "peak rate / first rate");

  private static final Option<Double> FINAL_DIVISION =
      Option.number("final-division", 10_000, Range.atLeast(1), "first rate / last rate");

  static final Component<Schedule> COMPONENT =
      Component.named("one-cycle", "rises to the rate once, then falls far below where it began")
          .from("Smith and Topin, Super-Convergence: Very Fast Training of Neural Networks, 2018")
          .with(PEAK_AT, INITIAL_DIVISION, FINAL_DIVISION)
          .createdBy(OneCycleSchedule::new);

  private final double peakAt;
  private final double first;
  private final double last;

  private OneCycleSchedule(OptionValues options) {
    this.peakAt = options.value(PEAK_AT);
    this.first = 1 / options.value(INITIAL_DIVISION);
    this.last = first / options.value(FINAL_DIVISION);
  }

  @Override
  public double factor(double epochs, double totalEpochs) {
    double progress = epochs / totalEpochs;
    return progress < peakAt
        ? CosineSchedule.between(first, 1, progress / peakAt)
        : CosineSchedule.between(1, last, (progress - peakAt) / (1 - peakAt));
  }
}
