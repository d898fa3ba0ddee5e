package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.driver.report.Plot;
import dev.convoy.worker.optimizer.StepNorms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whether steps change the weights of every layer by about a thousandth. */
final class UpdateRatioCheck extends Check {
  /** The rule of thumb. */
  private static final double USUAL = 1e-3;

  private static final double LEAST = 1e-5;
  private static final double MOST = 0.2;

  UpdateRatioCheck() {
    super(
        "update-ratio",
        "How much a step at the highest rate changes the weights of a layer, as a share of their"
            + " norm. About a thousandth is usual; far more forgets, far less takes ages.",
        "Bottou, \"Stochastic gradient descent tricks\", 2012; Karpathy in CS231n, \"Ratio of"
            + " weights:updates\"");
  }

  @Override
  Verdict look(CheckedRun run) {
    FirstSteps steps = run.firstSteps();
    int[] weights = StepNorms.weights(steps.segments());
    List<String> layers =
        Arrays.stream(weights).mapToObj(i -> steps.segments().get(i).layer()).toList();
    List<String> low = new ArrayList<>();
    List<String> high = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      double ratio = steps.ratios()[i];
      String text = Text.of("%s (%.1e)", layers.get(i), ratio);
      if (ratio < LEAST) {
        low.add(text);
      } else if (!(ratio <= MOST)) {
        high.add(text);
      }
    }
    double[] sorted = steps.ratios().clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    boolean fits = low.isEmpty() && high.isEmpty() && Double.isFinite(steps.loss());
    return Verdict.of(
            fits,
            !Double.isFinite(steps.loss())
                ? "the loss is not finite after a few steps"
                : fits
                    ? Text.of(
                        "%.1e to %.1e by layer, median %.1e",
                        sorted[0], sorted[sorted.length - 1], median)
                    : (high.isEmpty() ? "too small in " : "too large in ")
                        + Text.firstFew(high.isEmpty() ? low : high),
            Text.of("about %.0e, from %.0e to %.1f", USUAL, LEAST, MOST),
            high.isEmpty() && Double.isFinite(steps.loss())
                ? "raise optimizer.learning-rate, unless gradients vanish in these layers"
                : "lower optimizer.learning-rate, or set a warm-up or optimizer.clip-norm")
        .with(
            new Plot(
                "Update over weights by layer",
                Plot.Axis.of(layers),
                Plot.Axis.logarithmic("ratio"),
                List.of(Plot.Series.bars("ratio", Plot.list(steps.ratios()))),
                List.of(new Plot.Mark("usual", USUAL, false))));
  }
}
