package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.ChosenExamples;
import dev.convoy.data.shard.Examples;
import dev.convoy.driver.report.Plot;
import dev.convoy.worker.check.ShortTraining;
import dev.convoy.worker.check.ShortTraining.Material;
import dev.convoy.worker.training.EvaluationSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Whether labels say something about images, and nothing else does. */
final class LabelsCheck extends Check {
  private static final int STEPS = 120;

  /** Deviations of chance by which a difference is none of it. */
  private static final double DEVIATIONS = 4;

  /** What shuffled labels may bring, as a share of what true ones do. */
  private static final double MOST_OF_GAIN = 0.5;

  /**
   * Training steps' images and validation images of each class, below which nothing can be said.
   */
  private static final int LEAST_OF_CLASS = 20;

  private static final int LEAST_VALIDATED = 4;

  LabelsCheck() {
    super(
        "labels",
        "A few steps on the labels as they are, and the same on shuffled ones. The first must say"
            + " something about the classes of validation images, the second must not.",
        "Karpathy 2019: use a human baseline and an input-independent one; Zhang et al.,"
            + " \"Understanding deep learning requires rethinking generalization\", 2017");
  }

  @Override
  Verdict look(CheckedRun run) {
    ChosenExamples all = run.examples();
    int held = run.validation().isPresent() ? 0 : all.size() / 4;
    Examples images = all.part(0, all.size() - held);
    Examples asked =
        run.validation().isPresent()
            ? run.validation().get().images()
            : all.part(all.size() - held, all.size());
    int classes = run.labels().size();
    int steps = run.effort().steps(STEPS);
    String expected = "labels as they are above chance by far, shuffled ones not";
    if (asked.size() < LEAST_VALIDATED * classes
        || steps * run.effort().batchSize() < LEAST_OF_CLASS * classes) {
      return Verdict.unclear(
          Text.of(
              "%d classes are too many for %d steps and %d validation images",
              classes, steps, asked.size()),
          expected);
    }
    List<Double> plainLosses = new ArrayList<>();
    List<Double> shuffledLosses = new ArrayList<>();
    EvaluationSums plain =
        train(run, images, asked, ShardTargets.labels(classes), steps, plainLosses);
    EvaluationSums shuffled =
        train(run, images, asked, shuffled(images, classes, run), steps, shuffledLosses);
    double deviation = deviation(plain);
    double chance = chance(plain);
    double recall = meanRecall(plain);
    double recallOfShuffled = meanRecall(shuffled);
    boolean learned = recall > chance + DEVIATIONS * deviation;
    // Answers to images that are alike go together, so that chance deviates by more than of each.
    boolean leaks =
        recallOfShuffled
            > chance + Math.max(DEVIATIONS * deviation, MOST_OF_GAIN * (recall - chance));
    return Verdict.of(
            learned && !leaks,
            Text.of(
                "%.0f %% of a class right after %d steps, %.0f %% with shuffled labels, %.0f ± %.0f %%"
                    + " by chance",
                100 * recall, steps, 100 * recallOfShuffled, 100 * chance, 100 * deviation),
            expected,
            leaks
                ? "find out how the classes of validation images get into the training"
                : "look at images beside their labels (convoy show): they seem to be shuffled, or"
                    + " what the other checks found keeps the network from learning")
        .with(
            new Plot(
                "A few steps",
                Plot.Axis.linear("step"),
                Plot.Axis.linear("loss"),
                List.of(series("labels", plainLosses), series("shuffled", shuffledLosses)),
                List.of()));
  }

  private static EvaluationSums train(
      CheckedRun run,
      Examples images,
      Examples asked,
      ShardTargets targets,
      int steps,
      List<Double> losses) {
    Material material =
        new Material(
            images, targets, Augmentations.none(), run.normalization(), run.effort().batchSize());
    try (ShortTraining network = new ShortTraining(run.unregularized(), material)) {
      network.train(
          material,
          steps,
          step -> run.rateRange().suggestion(),
          step -> {
            losses.add(step.loss());
            return Double.isFinite(step.loss());
          });
      return network.evaluate(material, asked);
    }
  }

  /** The labels of the images, dealt to them anew. */
  private static ShardTargets shuffled(Examples images, int classes, CheckedRun run) {
    int[] from = IntStream.range(0, images.size()).toArray();
    KeyedRandom.of(run.configuration().seed(), Purpose.CHECK, 3).shuffle(from);
    float[] distributions = new float[images.size() * classes];
    for (int i = 0; i < from.length; i++) {
      distributions[i * classes + images.label(from[i])] = 1;
    }
    return new ShardTargets(classes, distributions);
  }

  /** The mean over the classes of the share of their images that is right. */
  private static double meanRecall(EvaluationSums sums) {
    long[] actual = sums.actual();
    return IntStream.range(0, actual.length)
        .filter(label -> actual[label] > 0)
        .mapToDouble(label -> (double) sums.confusion(label, label) / actual[label])
        .average()
        .orElse(Double.NaN);
  }

  /** Of answers that have nothing to do with the images, whatever their shares. */
  private static double chance(EvaluationSums sums) {
    return 1.0 / Arrays.stream(sums.actual()).filter(count -> count > 0).count();
  }

  /** The deviation of the mean recall of random answers. */
  private static double deviation(EvaluationSums sums) {
    double chance = chance(sums);
    double variance =
        Arrays.stream(sums.actual())
            .filter(count -> count > 0)
            .mapToDouble(count -> chance * (1 - chance) / count)
            .sum();
    return Math.sqrt(variance) * chance;
  }

  private static Plot.Series series(String name, List<Double> losses) {
    return new Plot.Series(
        name, IntStream.range(0, losses.size()).mapToObj(i -> (double) i).toList(), losses);
  }
}
