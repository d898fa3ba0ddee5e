package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.driver.report.Plot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whether gradients come to every layer, and neither vanish nor explode on their way. */
final class GradientsCheck extends Check {
  /** Norms of two layers' gradients, the larger over the smaller. */
  private static final double MOST_RATIO = 1000;

  GradientsCheck() {
    super(
        "gradients",
        "The norm of the gradient of every layer's weights at the beginning. Where it is far"
            + " smaller than that of the layers behind, the layer does not learn; where it is far"
            + " larger, no rate suits both.",
        "Glorot and Bengio 2010; Pascanu, Mikolov and Bengio, \"On the difficulty of training"
            + " recurrent neural networks\", 2013");
  }

  @Override
  Verdict look(CheckedRun run) {
    Beginning beginning = run.beginning();
    int[] weights = beginning.weights();
    List<String> layers =
        Arrays.stream(weights).mapToObj(i -> beginning.segments().get(i).layer()).toList();
    double[] norms = Arrays.stream(weights).mapToDouble(i -> beginning.gradients()[i]).toArray();
    double last = norms[norms.length - 1];
    List<String> none = new ArrayList<>();
    List<String> vanishing = new ArrayList<>();
    List<String> exploding = new ArrayList<>();
    for (int i = 0; i < norms.length; i++) {
      if (norms[i] == 0) {
        none.add(layers.get(i));
      } else if (!Double.isFinite(norms[i]) || norms[i] > MOST_RATIO * last) {
        exploding.add(Text.of("%s (%.2g)", layers.get(i), norms[i]));
      } else if (norms[i] * MOST_RATIO < last) {
        vanishing.add(Text.of("%s (%.2g)", layers.get(i), norms[i]));
      }
    }
    List<String> problems = new ArrayList<>();
    add("no gradient in ", none, problems);
    add("vanishing in ", vanishing, problems);
    add("exploding in ", exploding, problems);
    return Verdict.of(
            problems.isEmpty(),
            problems.isEmpty()
                ? Text.of(
                    "norms from %.2g to %.2g in %d layers",
                    Arrays.stream(norms).min().orElse(0),
                    Arrays.stream(norms).max().orElse(0),
                    norms.length)
                : String.join("; ", problems)
                    + Text.of(
                        " where the last layer, %s, has %.2g", layers.get(norms.length - 1), last),
            Text.of("within %.0f times the last layer's", MOST_RATIO),
            "take ReLU instead of sigmoid, an initialization for it (he), normalization = batch, or"
                + " shortcuts around layers")
        .with(
            new Plot(
                "Gradient of the weights by layer",
                Plot.Axis.of(layers),
                Plot.Axis.logarithmic("norm"),
                List.of(Plot.Series.bars("gradient", Plot.list(norms))),
                List.of()));
  }

  private static void add(String what, List<String> layers, List<String> problems) {
    if (!layers.isEmpty()) {
      problems.add(what + Text.firstFew(layers));
    }
  }
}
