package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.driver.report.Plot;
import dev.convoy.worker.check.LayerActivations;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Whether units are alive and functions not saturated, layer by layer. */
final class ActivationsCheck extends Check {
  /** The share of dead units of a layer. */
  private static final double MOST_DEAD = 0.5;

  /** The share of saturated values of a layer. */
  private static final double MOST_SATURATED = 0.5;

  ActivationsCheck() {
    super(
        "activations",
        "What every layer gives at the beginning. A ReLU unit that is 0 for all images has no"
            + " gradient and never learns; nor do sigmoid and tanh at the ends of their ranges.",
        "CS231n, \"Activation/gradient distributions per layer\"; Glorot and Bengio,"
            + " \"Understanding the difficulty of training deep feedforward neural networks\", 2010");
  }

  @Override
  Verdict look(CheckedRun run) {
    List<LayerActivations> layers = run.beginning().activations();
    List<String> problems = new ArrayList<>();
    name(layers, LayerActivations::dead, MOST_DEAD, "dead units", problems);
    name(layers, LayerActivations::saturated, MOST_SATURATED, "saturated values", problems);
    LayerActivations worst =
        layers.stream()
            .reduce((a, b) -> trouble(b) > trouble(a) ? b : a)
            .orElseThrow(() -> new IllegalStateException("A network without layers."));
    return Verdict.of(
            problems.isEmpty(),
            problems.isEmpty()
                ? Text.of(
                    "at most %.0f %% dead units or saturated values in a layer (%s)",
                    100 * trouble(worst), worst.layer())
                : String.join("; ", problems),
            Text.of("at most %.0f %% dead or saturated in each layer", 100 * MOST_DEAD),
            "look at biases and initialization in front of these layers, lower the learning rate,"
                + " or normalise (normalization = batch)")
        .with(plot(layers));
  }

  private static void name(
      List<LayerActivations> layers,
      ToDoubleFunction<LayerActivations> share,
      double most,
      String what,
      List<String> problems) {
    List<String> named =
        layers.stream()
            .filter(layer -> share.applyAsDouble(layer) > most)
            .map(layer -> Text.of("%.0f %% in %s", 100 * share.applyAsDouble(layer), layer.layer()))
            .toList();
    if (!named.isEmpty()) {
      problems.add(what + ": " + Text.firstFew(named));
    }
  }

  private static double trouble(LayerActivations layer) {
    return Math.max(layer.dead(), layer.saturated());
  }

  private static Plot plot(List<LayerActivations> layers) {
    return new Plot(
        "Layers at the beginning",
        Plot.Axis.of(layers.stream().map(LayerActivations::layer).toList()),
        Plot.Axis.linear(""),
        List.of(
            Plot.Series.bars(
                "deviation", layers.stream().map(LayerActivations::deviation).toList()),
            Plot.Series.bars("dead units", layers.stream().map(LayerActivations::dead).toList()),
            Plot.Series.bars(
                "saturated values", layers.stream().map(LayerActivations::saturated).toList())),
        List.of());
  }
}
