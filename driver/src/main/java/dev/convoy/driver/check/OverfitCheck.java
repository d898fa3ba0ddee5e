package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.shard.Examples;
import dev.convoy.driver.report.Plot;
import dev.convoy.worker.check.ShortTraining;
import dev.convoy.worker.check.ShortTraining.Material;
import dev.convoy.worker.training.EvaluationSums;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Whether the network can learn a few images by heart. */
final class OverfitCheck extends Check {
  private static final int STEPS = 200;

  /** The share of the first loss that is near enough to zero. */
  private static final double NEAR_ZERO = 0.1;

  OverfitCheck() {
    super(
        "overfit",
        "A few images, without augmentation and penalties, at the rate that the range test"
            + " suggests. A network that cannot learn them by heart is too small, or wired wrongly.",
        "Karpathy 2019: overfit one batch; Goodfellow, Bengio and Courville 2016, 11.5: fit a"
            + " tiny dataset");
  }

  @Override
  Verdict look(CheckedRun run) {
    Examples few = run.examples().part(0, run.effort().batchSize());
    Material material =
        new Material(
            few,
            ShardTargets.labels(run.labels().size()),
            Augmentations.none(),
            run.normalization(),
            few.size());
    List<Double> losses = new ArrayList<>();
    EvaluationSums end;
    try (ShortTraining network = new ShortTraining(run.unregularized(), material)) {
      double enough = NEAR_ZERO / 4 * run.lossOfUniformAnswers();
      network.train(
          material,
          run.effort().steps(STEPS),
          step -> run.rateRange().suggestion(),
          step -> {
            losses.add(step.loss());
            return Double.isFinite(step.loss()) && step.loss() > enough;
          });
      end = network.evaluate(material, few);
    }
    double last = Math.min(losses.get(losses.size() - 1), end.loss());
    double least = NEAR_ZERO * run.lossOfUniformAnswers();
    return Verdict.of(
            last <= least,
            Text.of(
                "%d images learned to a loss of %.3g in %d steps, %.0f %% right",
                few.size(), last, losses.size(), 100 * end.accuracy()),
            Text.of("a loss below %.2g", least),
            "look for what the other checks found; else look at labels, or take a larger network")
        .with(
            new Plot(
                "A few images, again and again",
                Plot.Axis.linear("step"),
                Plot.Axis.logarithmic("loss"),
                List.of(
                    new Plot.Series(
                        "loss",
                        IntStream.range(0, losses.size()).mapToObj(i -> (double) i).toList(),
                        losses)),
                List.of(new Plot.Mark("near zero", least, false))));
  }
}
