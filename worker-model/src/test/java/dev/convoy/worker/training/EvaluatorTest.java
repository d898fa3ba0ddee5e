package dev.convoy.worker.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.convoy.data.ImageShape;
import dev.convoy.data.augment.TestTimeAugmentation;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.shard.Examples;
import dev.convoy.data.shard.Shard;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EvaluatorTest {
  /** The same terms in another order, in double precision. */
  private static final double REORDERED_SUM = 1e-12;

  /** The network's output for other batch sizes: float sums, blocked otherwise. */
  private static final double FLOAT_ROUNDING = 1e-6;

  private static final int CLASSES = 4;
  private static final ImageShape SHAPE = new ImageShape(12, 12, 3);
  private static final InputShape INPUT =
      new InputShape(SHAPE.height(), SHAPE.width(), SHAPE.channels(), CLASSES);
  private static final NoisyImages IMAGES = new NoisyImages(37, CLASSES, SHAPE);

  private static final ComponentSettings SMALL =
      new ComponentSettings("lenet-5", Map.of("hidden", List.of(16), "dropout", 0.5));

  /** What makes a network sure of views that contradict each other. */
  private static final double DECIDED = 1.4;

  /** A mean of logarithms of floats that are as small as 1e-6, or as close to 1. */
  private static final double PERCENT_OF_FLOATS = 1e-3;

  private final Shard shard = IMAGES.shard();
  private final Normalization normalization = Normalization.of(shard.statistics());
  private final ComputationGraph network = Models.create(SMALL, INPUT, 3);

  private final Session session =
      Accelerator.open(Job.inference(network, INPUT, 1), Accelerator.Settings.none());

  @AfterEach
  void close() {
    shard.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 37, 100})
  void lossAccuracyAndConfusionAreThoseOfTheNetworksOutput(int batchSize) {
    double[][] probabilities = network.outputSingle(images(shard)).toDoubleMatrix();
    double lossSum = 0;
    int correct = 0;
    long[][] confusion = new long[CLASSES][CLASSES];
    for (int i = 0; i < shard.size(); i++) {
      int actual = i % CLASSES;
      lossSum -= Math.log(probabilities[i][actual]);
      int predicted = 0;
      for (int label = 1; label < CLASSES; label++) {
        predicted = probabilities[i][label] > probabilities[i][predicted] ? label : predicted;
      }
      correct += predicted == actual ? 1 : 0;
      confusion[actual][predicted]++;
    }

    EvaluationSums sums = Evaluator.evaluate(session, CLASSES, shard, normalization, batchSize);

    assertThat(sums.examples()).isEqualTo(shard.size());
    assertThat(sums.loss()).isCloseTo(lossSum / shard.size(), within(FLOAT_ROUNDING));
    assertThat(sums.accuracy()).isEqualTo((double) correct / shard.size());
    for (int actual = 0; actual < CLASSES; actual++) {
      for (int predicted = 0; predicted < CLASSES; predicted++) {
        assertThat(sums.confusion(actual, predicted)).isEqualTo(confusion[actual][predicted]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mse", "hinge", "binary-cross-entropy", "focal"})
  void theLossIsTheOneThatTheNetworkLearnsWith(String name) {
    ComponentSettings settings = ComponentSettings.defaults(name);
    ComputationGraph learner =
        Models.create(ComponentSettings.defaults("lenet-5"), settings, INPUT, 3);
    Loss loss = Losses.FAMILY.create(settings);
    for (Accelerator.Settings tier :
        List.of(Accelerator.Settings.all(), Accelerator.Settings.none())) {
      try (Session one = Accelerator.open(Job.inference(learner, INPUT, 1), tier)) {
        float[] outputs = one.outputs(Images.of(images(shard).data().asFloat()), shard.size());
        double lossSum = 0;
        for (int i = 0; i < shard.size(); i++) {
          double[] row = new double[CLASSES];
          for (int label = 0; label < CLASSES; label++) {
            row[label] = outputs[i * CLASSES + label];
          }
          lossSum += loss.derive(row, Targets.ofClasses(new int[] {i % CLASSES}), 0);
        }
        assertThat(Evaluator.evaluate(one, CLASSES, shard, normalization, 8).loss())
            .isCloseTo(lossSum / shard.size(), within(FLOAT_ROUNDING));
      }
    }
  }

  @Test
  void thePerceptronIsMeasuredByItsCrossEntropy() {
    ComputationGraph learner = Models.create(ComponentSettings.defaults("perceptron"), INPUT, 3);
    try (Session one =
        Accelerator.open(Job.inference(learner, INPUT, 1), Accelerator.Settings.all())) {
      float[] probabilities =
          one.probabilities(Images.of(images(shard).data().asFloat()), shard.size());
      double lossSum = 0;
      for (int i = 0; i < shard.size(); i++) {
        lossSum -= Math.log(probabilities[i * CLASSES + i % CLASSES]);
      }
      assertThat(Evaluator.evaluate(one, CLASSES, shard, normalization, 8).loss())
          .isCloseTo(lossSum / shard.size(), within(FLOAT_ROUNDING));
    }
  }

  /** Every loss with every augmentation. */
  static Stream<Arguments> lossesAndViews() {
    return Stream.of(
            ComponentSettings.defaults("cross-entropy"),
            new ComponentSettings(
                "cross-entropy", Map.of("class-weights", List.of(0.5, 2.0, 1.0, 0.25))),
            ComponentSettings.defaults("focal"),
            ComponentSettings.defaults("kl-divergence"),
            ComponentSettings.defaults("binary-cross-entropy"),
            ComponentSettings.defaults("hinge"),
            new ComponentSettings("hinge", Map.of("form", "crammer-singer")),
            ComponentSettings.defaults("squared-hinge"),
            ComponentSettings.defaults("mse"),
            ComponentSettings.defaults("mae"),
            ComponentSettings.defaults("huber"))
        .flatMap(
            loss ->
                Stream.of(TestTimeAugmentation.values())
                    .map(augmentation -> Arguments.of(loss, augmentation)));
  }

  @ParameterizedTest
  @MethodSource("lossesAndViews")
  void probabilitiesOfViewsAreAveraged(ComponentSettings loss, TestTimeAugmentation augmentation) {
    ComputationGraph learner = Models.create(SMALL, loss, INPUT, 3);
    learner.params().muli(DECIDED);
    try (Session one =
        Accelerator.open(Job.inference(learner, INPUT, 1), Accelerator.Settings.none())) {
      Examples views = augmentation.of(shard);
      float[] pixels = images(views).data().asFloat();
      float[] probabilities = one.probabilities(Images.of(pixels), views.size());
      float[] outputs = one.outputs(Images.of(pixels), views.size());
      Probabilities.average(probabilities, shard.size(), augmentation.views(), CLASSES);
      Probabilities.average(outputs, shard.size(), augmentation.views(), CLASSES);
      double lossSum = 0;
      long[][] confusion = new long[CLASSES][CLASSES];
      for (int i = 0; i < shard.size(); i++) {
        confusion[i % CLASSES][Probabilities.argmax(probabilities, i * CLASSES, CLASSES)]++;
        lossSum += loss(loss, row(probabilities, i), row(outputs, i), i % CLASSES);
      }
      for (int batchSize : new int[] {1, 8, 25, 1000}) {
        EvaluationSums sums =
            Evaluator.evaluate(one, CLASSES, shard, normalization, batchSize, augmentation);

        assertThat(sums.examples()).isEqualTo(shard.size());
        assertThat(sums.loss())
            .isCloseTo(lossSum / shard.size(), withinPercentage(PERCENT_OF_FLOATS));
        for (int actual = 0; actual < CLASSES; actual++) {
          for (int predicted = 0; predicted < CLASSES; predicted++) {
            assertThat(sums.confusion(actual, predicted)).isEqualTo(confusion[actual][predicted]);
          }
        }
      }
    }
  }

  /** The loss by its definition: of probabilities, where it is of them, else of outputs. */
  private static double loss(
      ComponentSettings loss, double[] probabilities, double[] outputs, int label) {
    double right = probabilities[label];
    return switch (loss.name()) {
      case "cross-entropy", "kl-divergence" ->
          -Math.log(right)
              * (loss.options().get("class-weights") instanceof List<?> weights
                  ? (Double) weights.get(label)
                  : 1);
      case "focal" -> -Math.pow(1 - right, 2) * Math.log(right);
      case "binary-cross-entropy" -> {
        double sum = -Math.log(right);
        for (int other = 0; other < CLASSES; other++) {
          sum -= other == label ? 0 : Math.log(1 - probabilities[other]);
        }
        yield sum;
      }
      default ->
          Losses.FAMILY.create(loss).derive(outputs, Targets.ofClasses(new int[] {label}), 0);
    };
  }

  private static double[] row(float[] values, int image) {
    double[] row = new double[CLASSES];
    Arrays.setAll(row, label -> values[image * CLASSES + label]);
    return row;
  }

  @Test
  void shardsTogetherAreTheWholeWhateverTheirCuts() {
    EvaluationSums whole = Evaluator.evaluate(session, CLASSES, shard, normalization, 1);
    for (int[] cuts : new int[][] {{0, 37}, {0, 18, 37}, {0, 1, 2, 36, 37}, {0, 0, 12, 24, 37}}) {
      List<EvaluationSums> parts = new ArrayList<>();
      for (int i = 1; i < cuts.length; i++) {
        try (Shard part = IMAGES.shard(cuts[i - 1], cuts[i])) {
          parts.add(Evaluator.evaluate(session, CLASSES, part, normalization, 1));
        }
      }
      EvaluationSums merged = EvaluationSums.merge(parts);
      assertThat(merged.loss()).isCloseTo(whole.loss(), within(REORDERED_SUM * whole.loss()));
      assertSameCounts(merged, whole);
    }
  }

  @Test
  void theOrderOfPartsChangesNoCount() {
    Random random = new Random(1);
    List<EvaluationSums> parts = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int[] actual = random.ints(100 + i, 0, CLASSES).toArray();
      int[] predicted = random.ints(100 + i, 0, CLASSES).toArray();
      parts.add(EvaluationSums.of(random.nextDouble(), CLASSES, actual, predicted));
    }
    EvaluationSums expected = EvaluationSums.merge(parts);
    for (int trial = 0; trial < 10; trial++) {
      Collections.shuffle(parts, random);
      EvaluationSums merged = EvaluationSums.merge(parts);
      assertSameCounts(merged, expected);
      assertThat(merged.loss()).isCloseTo(expected.loss(), within(REORDERED_SUM));
    }
  }

  @Test
  void mergingOnePartChangesNothing() {
    EvaluationSums whole = Evaluator.evaluate(session, CLASSES, shard, normalization, 8);
    EvaluationSums merged = EvaluationSums.merge(List.of(whole));
    assertSameCounts(merged, whole);
    assertThat(merged.loss()).isEqualTo(whole.loss());
  }

  @Test
  void anEmptyShardHasNoLossAndNoAccuracy() {
    try (Shard empty = IMAGES.shard(0, 0)) {
      EvaluationSums sums = Evaluator.evaluate(session, CLASSES, empty, normalization, 8);
      assertThat(sums.examples()).isZero();
      assertThat(sums.loss()).isNaN();
      assertThat(sums.accuracy()).isNaN();
    }
    assertThat(EvaluationSums.merge(List.of()).examples()).isZero();
  }

  @Test
  void aNetworkThatIsNoLongerFiniteHasNoFiniteLoss() {
    network.params().assign(Float.NaN);
    assertThat(Evaluator.evaluate(session, CLASSES, shard, normalization, 8).loss()).isNaN();
  }

  @Test
  void partsOfDifferentClassesAreRefused() {
    List<EvaluationSums> parts =
        List.of(
            EvaluationSums.of(0.5, 2, new int[1], new int[1]),
            EvaluationSums.of(0.5, 3, new int[1], new int[1]));
    assertThatThrownBy(() -> EvaluationSums.merge(parts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot merge evaluations: expected 2 classes, found 3");
  }

  /** 46,341² is more than an int holds, 21,841² longs are more than most heaps. */
  @ParameterizedTest
  @ValueSource(ints = {21_841, 46_341, 100_000, Integer.MAX_VALUE})
  void manyClassesTakeRoomForWhatOccurredAlone(int classes) {
    int last = classes - 1;
    EvaluationSums one =
        EvaluationSums.of(0.5, classes, new int[] {last, 0, last}, new int[] {last, last, last});
    EvaluationSums sums = EvaluationSums.merge(List.of(one, one));
    assertThat(sums.examples()).isEqualTo(6);
    assertThat(sums.accuracy()).isEqualTo(4.0 / 6);
    assertThat(sums.confusion(last, last)).isEqualTo(4);
    assertThat(sums.confusion(0, last)).isEqualTo(2);
    assertThat(sums.confusion(last, 0)).isZero();
  }

  @Test
  void classesAreCountedAsTheyAreAndAsTheyWereTakenFor() {
    EvaluationSums sums = EvaluationSums.of(0.5, 4, new int[] {3, 0, 3, 1}, new int[] {3, 3, 0, 1});
    assertThat(sums.actual()).containsExactly(1, 1, 0, 2);
    assertThat(sums.predicted()).containsExactly(1, 1, 0, 2);
  }

  @Test
  void withoutConfusionTheRestStays() {
    EvaluationSums whole = EvaluationSums.of(0.5, 2, new int[] {0, 1}, new int[] {0, 0});
    EvaluationSums rest = EvaluationSums.merge(List.of(whole, whole.withoutConfusion()));
    assertThat(rest.examples()).isEqualTo(4);
    assertThat(rest.accuracy()).isEqualTo(0.5);
    assertThatThrownBy(() -> rest.confusion(0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot tell what was taken for what: expected sums with it, found sums without.");
  }

  @ParameterizedTest
  @CsvSource({
    "28, 28, 1, 256",
    "32, 32, 3, 256",
    "96, 96, 3, 256",
    "224, 224, 3, 55",
    "512, 512, 3, 10",
    "1024, 1024, 3, 2",
    "2048, 2048, 3, 1",
    "4096, 4096, 3, 1"
  })
  void aBatchOfLargeImagesHasFewOfThem(int height, int width, int channels, int expected) {
    assertThat(Evaluator.batchSize(new ImageShape(height, width, channels))).isEqualTo(expected);
  }

  private static void assertSameCounts(EvaluationSums found, EvaluationSums expected) {
    assertThat(found.examples()).isEqualTo(expected.examples());
    assertThat(found.accuracy()).isEqualTo(expected.accuracy());
    for (int actual = 0; actual < CLASSES; actual++) {
      for (int predicted = 0; predicted < CLASSES; predicted++) {
        assertThat(found.confusion(actual, predicted))
            .isEqualTo(expected.confusion(actual, predicted));
      }
    }
  }

  /** Normalised by the definition, in double precision. */
  private INDArray images(Examples shard) {
    byte[] pixels = new byte[SHAPE.size()];
    float[] values = new float[shard.size() * SHAPE.size()];
    for (int i = 0; i < shard.size(); i++) {
      shard.pixels(i, pixels, 0);
      for (int j = 0; j < pixels.length; j++) {
        int channel = j / SHAPE.planeSize();
        values[i * SHAPE.size() + j] =
            (float)
                (((pixels[j] & 0xff) / 255.0 - normalization.mean()[channel])
                    / normalization.deviation()[channel]);
      }
    }
    return Nd4j.create(
        values, new long[] {shard.size(), SHAPE.channels(), SHAPE.height(), SHAPE.width()}, 'c');
  }
}
