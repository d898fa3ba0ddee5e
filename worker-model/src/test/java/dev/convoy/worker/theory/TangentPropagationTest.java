package dev.convoy.worker.theory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.GradientClips;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.MaxNorm;
import dev.convoy.worker.optimizer.Noise;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.Penalties;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.schedule.StepRates;
import dev.convoy.worker.tangent.MovementTangents;
import dev.convoy.worker.tangent.PictureMovement;
import dev.convoy.worker.tangent.TangentPropagation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Tangent propagation (Simard et al. 1992) on pictures of four classes, each three smooth spots at
 * places of its own, which stand still in training and are shifted by a pixel in the test.
 */
class TangentPropagationTest {
  private static final InputShape SHAPE = new InputShape(12, 12, 1, 4);
  private static final int SIZE = SHAPE.values();
  private static final List<PictureMovement> MOVEMENTS =
      List.of(PictureMovement.HORIZONTAL_TRANSLATION, PictureMovement.VERTICAL_TRANSLATION);
  private static final int BATCH = 40;
  private static final int STEPS = 400;

  /** How outputs change along unit vectors, squared, in the mean over images; and who is right. */
  private record Measured(double alongTangents, double alongOthers, double accuracyShifted) {}

  @Test
  void theDerivativeAlongTheTangentsFallsAndThatAlongOrthogonalDirectionsStays() {
    Measured plain = measured(null);
    Measured propagated = measured(new TangentPropagation(0.1, MOVEMENTS, 0.1));
    assertThat(propagated.alongTangents()).isLessThan(plain.alongTangents() / 100);
    assertThat(propagated.alongOthers() / plain.alongOthers()).isBetween(0.7, 1.4);
    assertThat(propagated.accuracyShifted()).isGreaterThan(plain.accuracyShifted() + 0.05);
  }

  private static Measured measured(TangentPropagation tangents) {
    OptimizerSettings settings =
        PlainOptimizer.settings(
            ComponentSettings.defaults("adam"),
            0.003,
            new Regularization(
                Penalties.NONE,
                GradientClips.NONE,
                new MaxNorm(0, LayerNames.ALL),
                Noise.NONE,
                tangents),
            ComponentSettings.defaults("constant"));
    try (Session session =
        Accelerator.open(
            Job.training(
                Models.create(
                    new ComponentSettings(
                        "mlp", Map.of("hidden", List.of(48), "activation", "tanh")),
                    SHAPE,
                    1),
                SHAPE,
                settings,
                1),
            Accelerator.Settings.all())) {
      for (int step = 0; step < STEPS; step++) {
        session.train(
            Images.of(pictures(step % 5, 0)), targets(), BATCH, step, StepRates.of(0.003));
      }
      float[] images = pictures(0, 0);
      float[][] tangent = new float[MOVEMENTS.size()][];
      double along = 0;
      for (int number = 0; number < tangent.length; number++) {
        tangent[number] = tangents(images, number);
        along += slope(session, images, Directions.unit(tangent[number], SIZE)) / tangent.length;
      }
      float[] others = Directions.orthogonal(tangent, SIZE);
      return new Measured(along, slope(session, images, others), accuracyShifted(session));
    }
  }

  private static double accuracyShifted(Session session) {
    int right = 0;
    for (int test = 0; test < 10; test++) {
      float[] outputs = session.outputs(Images.of(pictures(100 + test, 1)), BATCH);
      for (int image = 0; image < BATCH; image++) {
        int best = 0;
        for (int label = 1; label < 4; label++) {
          best = outputs[4 * image + label] > outputs[4 * image + best] ? label : best;
        }
        right += best == image % 4 ? 1 : 0;
      }
    }
    return right / 10.0 / BATCH;
  }

  /** The tangents of each image. */
  private static float[] tangents(float[] images, int number) {
    float[] all = new float[images.length];
    float[] one = new float[SIZE];
    for (int from = 0; from < images.length; from += SIZE) {
      new MovementTangents(SHAPE, MOVEMENTS).compute(images, from, number, one);
      System.arraycopy(one, 0, all, from, SIZE);
    }
    return all;
  }

  private static double slope(Session session, float[] images, float[] units) {
    return Directions.slope(moved -> session.outputs(Images.of(moved), BATCH), images, units, SIZE);
  }

  private static Targets targets() {
    int[] labels = new int[BATCH];
    Arrays.setAll(labels, image -> image % 4);
    return Targets.ofClasses(labels);
  }

  /** Pictures with noise, shifted in a random direction. */
  private static float[] pictures(int seed, double shift) {
    Random random = new Random(seed);
    float[] pictures = new float[BATCH * SIZE];
    for (int image = 0; image < BATCH; image++) {
      double direction = random.nextDouble() * 2 * Math.PI;
      double right = shift * Math.cos(direction);
      double down = shift * Math.sin(direction);
      Random places = new Random(image % 4 + 20);
      double[] spots = places.doubles(6, 2.5, 8.5).toArray();
      for (int pixel = 0; pixel < SIZE; pixel++) {
        double value = 0.05 * random.nextGaussian();
        for (int spot = 0; spot < 3; spot++) {
          double x = pixel % 12 - spots[2 * spot] - right;
          double y = Math.floorDiv(pixel, 12) - spots[2 * spot + 1] - down;
          value += Math.exp(-(x * x + y * y) / 2);
        }
        pictures[image * SIZE + pixel] = (float) value;
      }
    }
    return pictures;
  }
}
