package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.shard.Shard;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelCard;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.NoisyImages;
import dev.convoy.worker.training.TrainedShard;
import dev.convoy.worker.training.WholeRound;
import dev.convoy.worker.training.WorkerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every architecture can do, by all names; each network is narrow. */
class EveryArchitectureTest {
  private static final int CLASSES = 2;
  private static final List<Integer> EXAMPLES = List.of(3, 2);

  private static final Normalization NORMALIZATION =
      Normalization.of(new float[] {0.5f}, new float[] {0.25f});

  /** Two float probabilities, each rounded to 6e-8. */
  private static final float SUM_OF_PROBABILITIES = 1e-5f;

  /**
   * On two or three images normalisations make the gradients of deep networks so large that
   * statistics after the step overflow, or just do not, by how sums are rounded.
   */
  private static final double LARGEST_GRADIENT = 1;

  @TempDir static Path directory;

  static Set<String> names() {
    return Models.FAMILY.names();
  }

  /** Of unequal shares, so that the mean is a weighted one. */
  @ParameterizedTest
  @MethodSource("names")
  void aRoundOfTwoWorkersIsTheWeightedMeanAndItsModelIsRestoredAsItWas(String name)
      throws IOException {
    ComponentSettings model = SmallModels.narrow(name);
    InputShape input = SmallModels.input(name, 1, CLASSES);

    float[] averaged = averagedRound(model, input);

    ComputationGraph network = Models.create(model, input, 1);
    network.setParams(Nd4j.createFromArray(averaged).reshape(1, averaged.length));
    INDArray images = images(input);
    INDArray answers = network.output(images)[0];
    for (float sum : answers.sum(1).toFloatVector()) {
      assertThat(sum).isCloseTo(1, within(SUM_OF_PROBABILITIES));
    }
    ComputationGraph restored = restored(network, name, input);
    assertThat(restored.params().toFloatVector()).isEqualTo(averaged);
    assertThat(restored.output(images)[0].toFloatMatrix()).isEqualTo(answers.toFloatMatrix());
  }

  /** The parameters that a round begins with become its mean, with running statistics that fit. */
  private static float[] averagedRound(ComponentSettings model, InputShape input) {
    NoisyImages images =
        new NoisyImages(
            EXAMPLES.get(0) + EXAMPLES.get(1),
            CLASSES,
            new ImageShape(input.height(), input.width(), input.channels()));
    WorkerSettings settings = settings(model, input);
    try (Shard few = images.shard(0, EXAMPLES.get(0));
        Shard others = images.shard(EXAMPLES.get(0), images.examples());
        LocalTrainer first = new LocalTrainer(settings);
        LocalTrainer second = new LocalTrainer(settings)) {
      float[] start = first.parameters();
      TrainedShard one = train(first, 0, few, start);
      TrainedShard other = train(second, 1, others, start);
      assertThat(one.parameters()).isNotEqualTo(start).isNotEqualTo(other.parameters());
      float[] trained = averaged(start, one, other);
      // After a single step running statistics say nothing: deep networks would overflow.
      return averaged(
          trained,
          first.measureStatistics(0, few, NORMALIZATION, trained),
          second.measureStatistics(1, others, NORMALIZATION, trained));
    }
  }

  private static TrainedShard train(
      LocalTrainer worker, int index, Shard shard, float[] parameters) {
    TrainedShard trained =
        worker.train(
            WholeRound.task(0, 0, 1, index, 0, 1),
            shard,
            ShardTargets.labels(CLASSES),
            NORMALIZATION,
            parameters,
            new float[0]);
    assertThat(trained.examples()).isEqualTo(EXAMPLES.get(index).longValue());
    return trained;
  }

  private static float[] averaged(float[] before, TrainedShard one, TrainedShard other) {
    try (RoundResult result =
        Averaging.mean()
            .begin(ModelState.first(before), new RoundPlace(0, 0.1, 2), List.of(0, 1), directory)) {
      result.add(other);
      result.add(one);
      float[] averaged = result.model().parameters();
      assertIsWeightedMean(averaged, one.parameters(), other.parameters());
      return averaged;
    }
  }

  /** In double precision, so within the rounding of the result. */
  private static void assertIsWeightedMean(float[] averaged, float[] one, float[] other) {
    double weight = EXAMPLES.get(0) + EXAMPLES.get(1);
    List<Integer> wrong =
        IntStream.range(0, averaged.length)
            .filter(
                i -> {
                  double mean =
                      EXAMPLES.get(0) / weight * one[i] + EXAMPLES.get(1) / weight * other[i];
                  return !(Math.abs(averaged[i] - mean) <= Math.ulp((float) mean));
                })
            .boxed()
            .toList();
    assertThat(wrong).as("positions of other values than the mean").isEmpty();
  }

  private static WorkerSettings settings(ComponentSettings model, InputShape input) {
    return new WorkerSettings(
        7,
        model,
        Losses.DEFAULT,
        input,
        PlainOptimizer.settings(
            ComponentSettings.defaults("nesterov"),
            0.01,
            new OptimizerSettings.Regularization(0, 0, 0, LARGEST_GRADIENT, 0),
            ComponentSettings.defaults("constant")),
        List.of(),
        new WorkerSettings.Batches(4, 1, 1, 1),
        Accelerator.Settings.all(),
        DataInitializations.OFF);
  }

  private static ComputationGraph restored(ComputationGraph network, String name, InputShape input)
      throws IOException {
    ModelCard card =
        new ModelCard(
            name,
            StoredShape.resized(new ImageShape(input.height(), input.width(), input.channels())),
            List.of("cat", "dog"),
            NORMALIZATION,
            Optional.empty());
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ModelArchive.write(network, card, file);
    return ModelArchive.read(file.toByteArray(), "model.zip").network();
  }

  private static INDArray images(InputShape input) {
    Random random = new Random(3);
    float[] pixels = new float[2 * input.values()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return Nd4j.create(
        pixels, new long[] {2, input.channels(), input.height(), input.width()}, 'c');
  }
}
