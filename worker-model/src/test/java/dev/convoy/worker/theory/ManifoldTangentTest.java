package dev.convoy.worker.theory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.onednn.CompiledNetwork;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.ParameterUpdate;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.schedule.StepRates;
import dev.convoy.worker.tangent.AutoencoderTangents;
import dev.convoy.worker.tangent.ContractiveAutoencoder;
import dev.convoy.worker.tangent.ContractiveAutoencoder.Learning;
import dev.convoy.worker.tangent.ImageTangents;
import dev.convoy.worker.tangent.TangentPairs;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;

/**
 * The manifold tangent classifier (Rifai et al. 2011) on digits that are turned by up to 57 degrees
 * to either side: the manifold of each is a curve, whose tangent is how pixels change with the
 * angle.
 */
class ManifoldTangentTest {
  private static final int SIDE = 10;
  private static final int SIZE = SIDE * SIDE;
  private static final double[][][] STROKES = {
    {{-.5, -.55}, {-.2, -.9}, {.3, -.85}, {.5, -.5}, {.2, -.05}, {-.5, .8}, {.55, .8}}, // 2
    {{.5, -.85}, {-.4, -.85}, {-.45, -.1}, {.2, -.15}, {.5, .3}, {.2, .8}, {-.5, .75}} // 5
  };

  /** Digits whose labels are known; the auto-encoder learns all of them without. */
  private static final int LABELLED = 8;

  private static final double RATE = 0.003;
  private static final InputShape SHAPE = new InputShape(SIDE, SIDE, 1, 2);

  /**
   * Pictures one after another, and how they change with the angle.
   *
   * @param units the true tangents, of length 1
   */
  private record Digits(float[] images, float[] units, int[] labels) {}

  private static Digits digits(int count, int kinds, long seed) {
    Random random = new Random(seed);
    float[] images = new float[count * SIZE];
    float[] tangents = new float[count * SIZE];
    int[] labels = new int[count];
    double step = 0.02;
    for (int image = 0; image < count; image++) {
      labels[image] = image % kinds;
      double angle = 2 * random.nextDouble() - 1;
      double[] here = picture(STROKES[labels[image]], angle);
      double[] after = picture(STROKES[labels[image]], angle + step);
      double[] before = picture(STROKES[labels[image]], angle - step);
      for (int i = 0; i < SIZE; i++) {
        images[image * SIZE + i] = (float) here[i];
        tangents[image * SIZE + i] = (float) (after[i] - before[i]);
      }
    }
    return new Digits(images, Directions.unit(tangents, SIZE), labels);
  }

  /** Lines as bright as they are near, normalised as a network takes them. */
  private static double[] picture(double[][] strokes, double angle) {
    double scale = 0.38 * (SIDE - 1);
    double[][] points = new double[strokes.length][];
    Arrays.setAll(
        points,
        i ->
            new double[] {
              scale * (strokes[i][0] * Math.cos(angle) - strokes[i][1] * Math.sin(angle)),
              scale * (strokes[i][0] * Math.sin(angle) + strokes[i][1] * Math.cos(angle))
            });
    double[] picture = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      double x = i % SIDE - (SIDE - 1) / 2.0;
      double y = Math.floorDiv(i, SIDE) - (SIDE - 1) / 2.0;
      double nearest = Double.POSITIVE_INFINITY;
      for (int line = 1; line < points.length; line++) {
        nearest = Math.min(nearest, squaredDistance(x, y, points[line - 1], points[line]));
      }
      picture[i] = (Math.exp(-nearest / 4.5) - 0.35) / 0.35;
    }
    return picture;
  }

  private static double squaredDistance(double x, double y, double[] from, double[] to) {
    double dx = to[0] - from[0];
    double dy = to[1] - from[1];
    double along = ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy);
    double nearest = Math.max(0, Math.min(1, along));
    return Math.pow(x - from[0] - nearest * dx, 2) + Math.pow(y - from[1] - nearest * dy, 2);
  }

  /** The angle between the true tangent and the nearest direction of some tangents, in the mean. */
  private static double degrees(Digits digits, ImageTangents tangents) {
    double sum = 0;
    float[] one = new float[SIZE];
    for (int image = 0; image < digits.labels().length; image++) {
      double squares = 0;
      for (int number = 0; number < tangents.count(); number++) {
        tangents.compute(digits.images(), image * SIZE, number, one);
        float[] unit = Arrays.copyOfRange(digits.units(), image * SIZE, (image + 1) * SIZE);
        squares += Math.pow(Directions.dot(unit, one, 0, SIZE), 2);
      }
      sum += Math.toDegrees(Math.acos(Math.min(1, Math.sqrt(squares))));
    }
    return sum / digits.labels().length;
  }

  private static ContractiveAutoencoder learned(Digits digits, int epochs) {
    return ContractiveAutoencoder.learned(
        digits.images(), SIZE, new Learning(40, 1, epochs, 20, 0.01), 1);
  }

  @Test
  void theLeadingDirectionOfAContractiveAutoencoderIsTheTangentOfARotatedDigit() {
    Digits test = digits(50, 1, 2);
    Digits training = digits(200, 1, 1);
    double untrained = degrees(test, new AutoencoderTangents(learned(training, 0), 1));
    double trained = degrees(test, new AutoencoderTangents(learned(training, 80), 1));
    assertThat(untrained).isGreaterThan(75);
    assertThat(trained).isLessThan(20);
  }

  @Test
  void theManifoldTangentClassifierFindsTheTangentsOfRotatedDigitsAndDoesNotChangeAlongThem()
      throws Exception {
    Digits training = digits(200, 2, 1);
    Digits test = digits(200, 2, 2);
    AutoencoderTangents tangents = new AutoencoderTangents(learned(training, 80), 2);
    double untrained = degrees(test, new AutoencoderTangents(learned(training, 0), 2));
    double found = degrees(test, tangents);
    Classified plain = classified(training, test, new TangentPairs(tangents, SIZE, 0, 0.1));
    Classified propagated = classified(training, test, new TangentPairs(tangents, SIZE, 0.1, 0.1));
    assertThat(untrained).isGreaterThan(75);
    assertThat(found).isLessThan(35);
    assertThat(propagated.slope()).isLessThan(plain.slope() / 2);
    assertThat(propagated.accuracy()).isGreaterThan(plain.accuracy() + 0.02);
  }

  /**
   * A classifier that learned.
   *
   * @param slope ‖∂f/∂x · u‖² along the true tangents of the digits that it learned
   * @param accuracy on others
   */
  private record Classified(double slope, double accuracy) {}

  /** Learns of the few first digits alone, with their partners. */
  private static Classified classified(Digits training, Digits test, TangentPairs pairs)
      throws Exception {
    ComputationGraph network =
        Models.create(
            new ComponentSettings("mlp", Map.of("hidden", List.of(30), "activation", "tanh")),
            SHAPE,
            1);
    network.initGradientsView();
    ParameterUpdate update =
        new ParameterUpdate(
            network,
            PlainOptimizer.settings(
                ComponentSettings.defaults("adam"),
                RATE,
                Regularization.none(),
                ComponentSettings.defaults("constant")));
    Images images = Images.of(Arrays.copyOf(training.images(), LABELLED * SIZE));
    Targets targets = Targets.ofClasses(training.labels());
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, SHAPE, Precision.FLOAT32, false, Set.of())) {
      for (int step = 0; step < 200; step++) {
        compiled.pairedGradient(
            pairs.of(images, LABELLED, step), targets, pairs.coefficient(), LABELLED, step);
        update.step(LABELLED, StepRates.of(RATE), 0);
        compiled.parametersChanged();
      }
      int count = test.labels().length;
      float[] outputs = compiled.outputs(Images.of(test.images()), count);
      long right =
          IntStream.range(0, count)
              .filter(i -> (outputs[2 * i + 1] > outputs[2 * i]) == (test.labels()[i] == 1))
              .count();
      return new Classified(
          Directions.slope(
              moved -> compiled.outputs(Images.of(moved), LABELLED),
              Arrays.copyOf(training.images(), LABELLED * SIZE),
              training.units(),
              SIZE),
          (double) right / count);
    }
  }
}
