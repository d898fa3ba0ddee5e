package dev.convoy.worker.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.GradientClips;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.MaxNorm;
import dev.convoy.worker.optimizer.Noise;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.ParameterUpdate;
import dev.convoy.worker.optimizer.Penalties;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.Segment.Kind;
import dev.convoy.worker.schedule.StepRates;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** Noise on gradients (Neelakantan et al. 2015) and on weights (Murray and Edwards 1994). */
class NoiseOfStepsTest {
  /** Of the way gone: the layers' gradients are the compiled network's up to rounding. */
  private static final double ROUNDING = 1e-3;

  private static final InputShape INPUT = new InputShape(8, 8, 3, 4);
  private static final ComponentSettings MODEL =
      new ComponentSettings("resnet-20", Map.of("width", 2));
  private static final double RATE = 0.05;
  private static final double CLIP = 0.5;
  private static final int BATCH = 8;
  private static final int STEPS = 3;
  private static final long KEY = 77;
  private static final Noise ON_GRADIENTS = new Noise(0.04, 0.55, 0);
  private static final Noise ON_WEIGHTS = new Noise(0, 0.55, 0.1);
  private static final Noise BOTH = new Noise(0.04, 0.55, 0.1);

  /** Of a normal variable, in five deviations of its estimates; and what steps have in common. */
  @ParameterizedTest
  @CsvSource({"0, 0.5", "9, 0.5", "999, 0.5", "9, 0"})
  void theVarianceOfTheGradientsNoiseFallsByThePowerOfTheStep(int step, double decay) {
    double variance = 0.3;
    double[] noise = noiseOf(new Noise(variance, decay, 0), step, KEY);
    double[] other = noiseOf(new Noise(variance, decay, 0), step, KEY + 1);
    double expected = variance / Math.pow(1 + step, decay);
    int n = noise.length;
    double sum = 0;
    double squares = 0;
    double fourth = 0;
    double common = 0;
    for (int i = 0; i < n; i++) {
      sum += noise[i];
      squares += noise[i] * noise[i];
      fourth += Math.pow(noise[i], 4);
      common += noise[i] * other[i];
    }
    double five = 5 / Math.sqrt(n);
    assertThat(n).isGreaterThan(20_000);
    assertThat(sum / n).isCloseTo(0, within(five * Math.sqrt(expected)));
    assertThat(squares / n).isCloseTo(expected, within(five * Math.sqrt(2) * expected));
    assertThat(fourth / n)
        .isCloseTo(3 * expected * expected, within(five * Math.sqrt(96) * expected * expected));
    assertThat(common / n).isCloseTo(0, within(five * expected));
  }

  /** What a step of gradient descent at rate 1 takes off where the gradient is zero. */
  private static double[] noiseOf(Noise noise, int step, long key) {
    ComputationGraph network =
        Models.create(ComponentSettings.defaults("linear"), new InputShape(64, 64, 1, 5), 1);
    network.initGradientsView();
    network.params().assign(0);
    new ParameterUpdate(network, optimizer("sgd", noise, 0))
        .step(1, new StepRates(1, OptionalDouble.empty(), step), key);
    return network.params().neg().toDoubleVector();
  }

  @ParameterizedTest
  @CsvSource({"sgd, true", "nesterov, false", "adam, true"})
  void stepsAreThoseOfALoopOverNoisyGradientsAtNoisyWeights(String rule, boolean compiled) {
    Accelerator.Settings settings =
        compiled ? Accelerator.Settings.all() : Accelerator.Settings.none();
    float[] start = network().params().toFloatVector();
    float[] expected = byALoop(rule);
    double way = distance(expected, start);
    assertThat(distance(trained(rule, BOTH, settings, KEY), expected) / way).isLessThan(ROUNDING);
    for (Noise other : new Noise[] {ON_GRADIENTS, ON_WEIGHTS}) {
      assertThat(distance(trained(rule, other, settings, KEY), expected) / way)
          .isGreaterThan(20 * ROUNDING);
    }
  }

  /** Clips first, so that noise is not bounded by them; weights come back as they were. */
  private static float[] byALoop(String rule) {
    ComputationGraph network = network();
    ParameterUpdate update = new ParameterUpdate(network, optimizer(rule, Noise.NONE, 0));
    try (Propagation propagation = Propagations.of(network, INPUT, Accelerator.Settings.none())) {
      for (int step = 0; step < STEPS; step++) {
        float[] before = network.params().toFloatVector();
        float[] noisy = before.clone();
        KeyedRandom onWeights = KeyedRandom.of(KEY + step, Purpose.WEIGHT_NOISE);
        for (Segment one : Segment.of(network)) {
          for (long i = 0; i < one.length() && one.kind() == Kind.WEIGHT; i++) {
            noisy[(int) (one.offset() + i)] += (float) (0.1 * onWeights.nextGaussian());
          }
        }
        network.params().assign(Nd4j.createFromArray(noisy));
        propagation.parametersChanged();
        propagation.gradient(images(step), targets(step), BATCH, KEY + step);
        network.params().assign(Nd4j.createFromArray(before));
        float[] gradient = network.getFlattenedGradients().toFloatVector();
        double squares = 0;
        for (Segment one : Segment.of(network)) {
          for (long i = 0; i < one.length() && one.kind() != Kind.RUNNING_STATISTIC; i++) {
            float value = gradient[(int) (one.offset() + i)] / BATCH;
            squares += value * value;
          }
        }
        double clip = Math.min(1, CLIP / Math.sqrt(squares));
        double deviation = Math.sqrt(0.04 / Math.pow(1 + step, 0.55));
        KeyedRandom onGradients = KeyedRandom.of(KEY + step, Purpose.GRADIENT_NOISE);
        for (Segment one : Segment.of(network)) {
          for (long i = 0; i < one.length() && one.kind() != Kind.RUNNING_STATISTIC; i++) {
            int at = (int) (one.offset() + i);
            gradient[at] =
                (float) (gradient[at] / BATCH * clip + deviation * onGradients.nextGaussian());
          }
        }
        network.getFlattenedGradients().assign(Nd4j.createFromArray(gradient));
        update.step(1, StepRates.of(RATE), 0);
        propagation.parametersChanged();
      }
    }
    return network.params().toFloatVector();
  }

  @Test
  void theSameKeysGiveTheSameBitsAndOthersOthers() {
    for (Noise noise : new Noise[] {ON_GRADIENTS, ON_WEIGHTS}) {
      float[] once = trained("nesterov", noise, Accelerator.Settings.all(), KEY);
      assertThat(trained("nesterov", noise, Accelerator.Settings.all(), KEY)).isEqualTo(once);
      assertThat(trained("nesterov", noise, Accelerator.Settings.all(), KEY + 1))
          .isNotEqualTo(once);
    }
  }

  @Test
  void withoutNoiseTheKeyChangesNothing() {
    float[] plain = trained("nesterov", Noise.NONE, Accelerator.Settings.all(), KEY);
    assertThat(trained("nesterov", new Noise(0, 0, 0), Accelerator.Settings.all(), KEY + 1))
        .isEqualTo(plain);
  }

  /** Where the rate is 0, nothing of the noise may be left in the weights. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void weightsComeBackToTheLastBit(boolean measured) {
    try (Session session =
        Accelerator.open(
            Job.training(network(), INPUT, optimizer("sgd", ON_WEIGHTS, 0.1), 1),
            Accelerator.Settings.all())) {
      float[] before = session.parameters();
      double loss;
      if (measured) {
        loss = session.trainMeasured(images(0), targets(0), BATCH, KEY, StepRates.of(0)).loss();
      } else {
        loss = session.train(images(0), targets(0), BATCH, KEY, StepRates.of(0));
      }
      float[] after = session.parameters();
      for (Segment one : Segment.of(network())) {
        for (long i = 0; i < one.length() && one.kind() != Kind.RUNNING_STATISTIC; i++) {
          int at = (int) (one.offset() + i);
          assertThat(after[at]).isEqualTo(before[at]);
        }
      }
      assertThat(session.train(images(0), targets(0), BATCH, KEY + 1, StepRates.of(0)))
          .as("the loss is that of noisy weights")
          .isNotEqualTo(loss);
    }
  }

  private static float[] trained(
      String rule, Noise noise, Accelerator.Settings settings, long key) {
    try (Session session =
        Accelerator.open(
            Job.training(network(), INPUT, optimizer(rule, noise, CLIP), 1), settings)) {
      for (int step = 0; step < STEPS; step++) {
        session.train(
            images(step),
            targets(step),
            BATCH,
            key + step,
            new StepRates(RATE, OptionalDouble.empty(), step));
      }
      return session.parameters();
    }
  }

  private static ComputationGraph network() {
    return Models.create(MODEL, INPUT, 1);
  }

  private static double distance(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - (double) other[i]) * (one[i] - (double) other[i]);
    }
    return Math.sqrt(sum);
  }

  /** With a clip of the gradient's norm, unless that is 0. */
  private static OptimizerSettings optimizer(String rule, Noise noise, double clip) {
    return PlainOptimizer.settings(
        ComponentSettings.defaults(rule),
        RATE,
        new Regularization(
            Penalties.NONE,
            new GradientClips(0, 0, 0, clip),
            new MaxNorm(0, LayerNames.ALL),
            noise),
        ComponentSettings.defaults("constant"));
  }

  private static Images images(int step) {
    Random random = new Random(step);
    float[] values = new float[BATCH * INPUT.values()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Images.of(values);
  }

  private static Targets targets(int step) {
    int[] classes = new int[BATCH];
    for (int i = 0; i < BATCH; i++) {
      classes[i] = (i + step) % INPUT.classes();
    }
    return Targets.ofClasses(classes);
  }
}
