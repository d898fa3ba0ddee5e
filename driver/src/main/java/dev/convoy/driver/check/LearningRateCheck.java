package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.driver.report.Plot;
import java.util.List;

/**
 * Whether the highest rate of the schedule lies where a range test says that the network learns.
 */
final class LearningRateCheck extends Check {
  /**
   * How far above the rate of the lowest loss: the test is short, its batches are small, and
   * normalised layers bear more than it finds.
   */
  private static final double MOST_ABOVE = 30;

  /** How far below it. */
  private static final double MOST_BELOW = 100;

  LearningRateCheck() {
    super(
        "learning-rate",
        "A range test: the rate grows from step to step. It should be high enough for the loss to"
            + " fall, and below where the loss grows again.",
        "Smith, \"Cyclical learning rates for training neural networks\", 2017");
  }

  @Override
  Verdict look(CheckedRun run) {
    RateRange range = run.rateRange();
    if (!range.begins()) {
      return Verdict.of(
          false,
          "the loss is not a number before the first step",
          "a number",
          "see what the other checks found of inputs and layers");
    }
    double peak = run.peakRate();
    String suggestion = Text.of("%.0e", range.suggestion());
    double least = range.atLowest() / MOST_BELOW;
    double most = range.atLowest() * MOST_ABOVE;
    Verdict verdict =
        range.learns()
            ? Verdict.of(
                peak >= least && peak <= most,
                Text.of(
                    "the highest rate is %.2g; the loss falls from %.2g on, to its lowest at %.2g",
                    peak, range.atBeginning(), range.atLowest()),
                Text.of("%.2g to %.2g, such as %s", least, most, suggestion),
                Text.of(
                    "the rate is too %s: set optimizer.learning-rate=%s",
                    peak > most ? "high" : "low", suggestion))
            : Verdict.of(
                false,
                Text.of(
                    "at no rate from %.0e to %.2g did the loss fall in so few steps",
                    range.rates().get(0), range.rates().get(range.rates().size() - 1)),
                "a fall of 5 %",
                "see what the other checks found of labels, inputs and layers");
    return verdict.with(
        new Plot(
            "Range test",
            Plot.Axis.logarithmic("learning rate"),
            Plot.Axis.linear("loss (smoothed)"),
            List.of(new Plot.Series("loss", range.rates(), range.losses())),
            List.of(
                new Plot.Mark("configured", peak, true),
                new Plot.Mark("suggested", range.suggestion(), true))));
  }
}
