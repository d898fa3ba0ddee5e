package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.driver.report.Plot;
import dev.convoy.worker.check.ShortTraining.Material;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Whether what comes to the network is normalised, after augmentation. */
final class InputsCheck extends Check {
  private static final double MOST_MEAN = 0.6;
  private static final double LEAST_DEVIATION = 0.5;
  private static final double MOST_DEVIATION = 2;

  InputsCheck() {
    super(
        "inputs",
        "Mean and deviation of each channel as it comes to the network, augmented and"
            + " normalised: around 0 and 1 all layers learn at one rate.",
        "LeCun, Bottou, Orr and Müller, \"Efficient BackProp\", 1998; CS231n, \"Data"
            + " preprocessing\"");
  }

  @Override
  Verdict look(CheckedRun run) {
    Material material = run.material(true);
    int channels = run.configuration().data().shape().channels();
    double[] sums = new double[channels];
    double[] squares = new double[channels];
    long count = read(material, run, sums, squares);
    double[] means = new double[channels];
    double[] deviations = new double[channels];
    for (int channel = 0; channel < channels; channel++) {
      means[channel] = sums[channel] / count;
      deviations[channel] =
          Math.sqrt(Math.max(0, squares[channel] / count - means[channel] * means[channel]));
    }
    boolean fits =
        Arrays.stream(means).allMatch(mean -> Math.abs(mean) <= MOST_MEAN)
            && Arrays.stream(deviations)
                .allMatch(one -> one >= LEAST_DEVIATION && one <= MOST_DEVIATION);
    return Verdict.of(
            fits,
            Text.of("mean %s, deviation %s by channel", text(means), text(deviations)),
            Text.of(
                "means within ±%.1f, deviations from %.1f to %.0f",
                MOST_MEAN, LEAST_DEVIATION, MOST_DEVIATION),
            "set data.normalize=auto, and look at the" + " augmentation (convoy show)")
        .with(
            new Plot(
                "Inputs by channel",
                Plot.Axis.of(IntStream.range(0, channels).mapToObj(i -> "channel " + i).toList()),
                Plot.Axis.linear("normalised value"),
                List.of(
                    Plot.Series.bars("mean", Plot.list(means)),
                    Plot.Series.bars("deviation", Plot.list(deviations))),
                List.of()));
  }

  /** Adds up values and squares; how many there are of each channel. */
  private static long read(Material material, CheckedRun run, double[] sums, double[] squares) {
    int size = material.images().size();
    int plane = run.configuration().data().shape().planeSize();
    int[] order = IntStream.range(0, size).toArray();
    Augmentations augmentations = material.augmentations();
    ShardTargets targets = material.targets();
    try (BatchPipeline batches =
        new BatchPipeline(
            material.images(),
            targets,
            order,
            0,
            size,
            Math.min(size, material.batchSize()),
            augmentations,
            run.configuration().seed(),
            0)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        float[] values = new float[batch.size() * plane * sums.length];
        batch.images(material.normalization()).write(0, batch.size(), FloatBuffer.wrap(values));
        for (int i = 0; i < values.length; i++) {
          int channel = i / plane % sums.length;
          sums[channel] += values[i];
          squares[channel] += (double) values[i] * values[i];
        }
      }
    }
    return (long) size * plane;
  }

  private static String text(double[] values) {
    return String.join(
        ", ", Arrays.stream(values).mapToObj(value -> Text.of("%.2f", value)).toList());
  }
}
