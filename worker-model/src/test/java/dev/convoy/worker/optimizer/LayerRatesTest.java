package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.LayerRates.Unfreezing;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.Segment.Kind;
import dev.convoy.worker.schedule.StepRates;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which layers learn, from when on, and how fast, against plain loops in double precision. */
class LayerRatesTest {
  /** Of a few operations and steps in single precision. */
  private static final double FLOAT_ROUNDING = 1e-5;

  private static final double RATE = 0.05;
  private static final int BATCH = 4;
  private static final Regularization ALL_REGULARIZATION =
      new Regularization(
          new Penalties(0.01, 0, 0.02, 0.03, 0.04, Penalties.Touched.ALL, LayerNames.ALL),
          new GradientClips(2, 5, 0.5, 3),
          new MaxNorm(0.4, LayerNames.ALL));

  /** Convolutions and normalisations; 22 layers with weights. */
  private static ComputationGraph resnet() {
    return Models.create(
        new ComponentSettings("resnet-20", Map.of("width", 2)), new InputShape(8, 8, 3, 4), 1);
  }

  /** Three full connections: dense1, dense2 and output. */
  private static ComputationGraph perceptron() {
    return Models.create(
        new ComponentSettings("mlp", Map.of("hidden", List.of(4, 3))),
        new InputShape(2, 2, 1, 2),
        1);
  }

  private static OptimizerSettings settings(
      String rule, Regularization regularization, LayerRates rates) {
    return PlainOptimizer.settings(
            ComponentSettings.defaults(rule),
            RATE,
            regularization,
            ComponentSettings.defaults("constant"))
        .with(rates);
  }

  private static LayerRates frozen(String... patterns) {
    return new LayerRates(
        new LayerNames(List.of(patterns)), LayerNames.NONE, 1, Unfreezing.AT_ONCE);
  }

  private static LayerRates frozenUpTo(String pattern) {
    return new LayerRates(LayerNames.NONE, new LayerNames(List.of(pattern)), 1, Unfreezing.AT_ONCE);
  }

  private static double[] setGradient(ComputationGraph network, long seed) {
    double[] gradient =
        new Random(seed).doubles(network.numParams(), -1, 1).map(value -> (float) value).toArray();
    for (int i = 0; i < gradient.length; i++) {
      HostVector.gradients(network).putScalar(i, gradient[i]);
    }
    return gradient;
  }

  private static float[] part(float[] values, Segment segment) {
    int from = Math.toIntExact(segment.offset());
    return Arrays.copyOfRange(values, from, from + Math.toIntExact(segment.length()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd",
        "momentum",
        "nesterov",
        "adagrad",
        "rmsprop",
        "adadelta",
        "adam",
        "amsgrad",
        "adamw",
        "nadam",
        "lars",
        "lamb",
        "lion"
      })
  void frozenLayersKeepEveryBitOfParametersAndStatistics(String rule) {
    ComputationGraph network = resnet();
    LayerRates rates = frozen("stage1-*", "*-norm");
    ParameterUpdate update =
        new ParameterUpdate(network, settings(rule, ALL_REGULARIZATION, rates));
    float[] before = network.params().toFloatVector();
    for (int step = 0; step < 3; step++) {
      setGradient(network, step);
      update.step(BATCH, StepRates.of(RATE), 0);
    }
    float[] after = network.params().toFloatVector();
    for (Segment segment : Segment.of(network)) {
      boolean isFrozen = segment.layer().startsWith("stage1-") || segment.layer().endsWith("-norm");
      if (isFrozen) {
        assertThat(part(after, segment)).as("%s", segment).isEqualTo(part(before, segment));
      } else {
        assertThat(part(after, segment)).as("%s", segment).isNotEqualTo(part(before, segment));
      }
    }
  }

  @Test
  void nothingIsKeptOfTheGradientOfFrozenLayers() {
    ComputationGraph network = resnet();
    ParameterUpdate update =
        new ParameterUpdate(
            network, settings("momentum", Regularization.none(), frozen("stage1-*")));
    setGradient(network, 1);
    update.step(BATCH, StepRates.of(RATE), 0);
    float[] velocity = update.state();
    for (Segment segment : Segment.of(network)) {
      if (segment.kind() != Kind.RUNNING_STATISTIC && segment.layer().startsWith("stage1-")) {
        assertThat(part(velocity, segment)).containsOnly(0);
      } else if (segment.kind() != Kind.RUNNING_STATISTIC) {
        assertThat(part(velocity, segment)).doesNotContain(0);
      }
    }
  }

  @Test
  void aClipOfTheWholeGradientIsOfWhatLearns() {
    ComputationGraph network = perceptron();
    Regularization clip = new Regularization(0, 0, 0, 0.1, 0);
    ParameterUpdate update =
        new ParameterUpdate(network, settings("sgd", clip, frozen("dense1", "dense2")));
    double[] before = network.params().toDoubleVector();
    double[] gradient = setGradient(network, 1);
    update.step(BATCH, StepRates.of(RATE), 0);
    double squares = 0;
    for (Segment segment : Segment.of(network)) {
      for (int i = 0; i < segment.length() && segment.layer().equals("output"); i++) {
        squares += Math.pow(gradient[(int) segment.offset() + i] / BATCH, 2);
      }
    }
    assertThat(Math.sqrt(squares)).as("it is clipped").isGreaterThan(0.1);
    for (Segment segment : Segment.of(network)) {
      for (int i = (int) segment.offset(); i < segment.offset() + segment.length(); i++) {
        double taken =
            segment.layer().equals("output")
                ? RATE * gradient[i] / BATCH * 0.1 / Math.sqrt(squares)
                : 0;
        assertThat(network.params().getDouble(i))
            .isCloseTo(before[i] - taken, within(FLOAT_ROUNDING));
      }
    }
  }

  /** Howard and Ruder 2018, section 3.2, in one loop. */
  @ParameterizedTest
  @ValueSource(strings = {"sgd", "momentum", "adam", "adamw"})
  void theRateOfALayerIsAShareOfThatOfTheLayerBehindIt(String rule) {
    ComputationGraph network = perceptron();
    double decay = 0.4;
    double weightDecay = 0.2;
    LayerRates rates = new LayerRates(LayerNames.NONE, LayerNames.NONE, decay, Unfreezing.AT_ONCE);
    ParameterUpdate update =
        new ParameterUpdate(
            network, settings(rule, new Regularization(0, 0, weightDecay, 0, 0), rates));
    Map<String, Double> shares = Map.of("output", 1.0, "dense2", 0.4, "dense1", 0.16);
    double[] expected = network.params().toDoubleVector();
    double[] first = new double[expected.length];
    double[] second = new double[expected.length];
    for (int step = 1; step <= 4; step++) {
      double[] gradient = setGradient(network, step);
      for (Segment segment : Segment.of(network)) {
        double rate = RATE * shares.get(segment.layer());
        boolean decays = segment.kind() == Kind.WEIGHT;
        for (int i = (int) segment.offset(); i < segment.offset() + segment.length(); i++) {
          double taken = step(rule, rate, gradient[i] / BATCH, first, second, i, step);
          expected[i] -= taken + (decays ? rate * weightDecay * expected[i] : 0);
        }
      }
      update.step(BATCH, StepRates.of(RATE), 0);
      assertThat(network.params().toDoubleVector())
          .containsExactly(expected, within(FLOAT_ROUNDING));
    }
  }

  /** Each rule's textbook formula for one parameter. */
  private static double step(
      String rule, double rate, double slope, double[] first, double[] second, int i, int step) {
    switch (rule) {
      case "sgd":
        return rate * slope;
      case "momentum":
        first[i] = 0.9 * first[i] + rate * slope;
        return first[i];
      default:
        first[i] = 0.9 * first[i] + 0.1 * slope;
        second[i] = 0.999 * second[i] + 0.001 * slope * slope;
        return rate
            * (first[i] / (1 - Math.pow(0.9, step)))
            / (Math.sqrt(second[i] / (1 - Math.pow(0.999, step))) + 1e-8);
    }
  }

  @Test
  void whatHasNoWeightsGoesWithTheLayerInFrontOfIt() {
    ComputationGraph network = resnet();
    LayerRates rates = new LayerRates(LayerNames.NONE, LayerNames.NONE, 0.5, Unfreezing.AT_ONCE);
    ParameterUpdate update =
        new ParameterUpdate(network, settings("sgd", Regularization.none(), rates));
    float[] before = network.params().toFloatVector();
    double[] gradient = setGradient(network, 1);
    update.step(BATCH, StepRates.of(1), 0);
    Map<String, Double> shares =
        Map.of(
            "output", 1.0,
            "stage3-block3-second-conv", 0.5,
            "stage3-block3-second-norm", 0.5,
            "stage3-block3-first-conv", 0.25);
    Set<String> met = new HashSet<>();
    for (Segment segment : Segment.of(network)) {
      if (shares.containsKey(segment.layer()) && segment.kind() != Kind.RUNNING_STATISTIC) {
        int at = (int) segment.offset();
        double taken = before[at] - network.params().getDouble(at);
        assertThat(taken / (gradient[at] / BATCH))
            .as("%s", segment)
            .isCloseTo(shares.get(segment.layer()), within(1e-4));
        met.add(segment.layer());
      }
    }
    assertThat(met).isEqualTo(shares.keySet());
  }

  /** A layer that begins later has moments that are corrected from its own first step on. */
  @ParameterizedTest
  @ValueSource(strings = {"momentum", "adamw"})
  void layersBeginToLearnEpochAfterEpochFromTheLastOne(String rule) {
    ComputationGraph network = perceptron();
    LayerRates rates = new LayerRates(LayerNames.NONE, LayerNames.NONE, 1, new Unfreezing(2, 1));
    OptimizerSettings settings = settings(rule, Regularization.none(), rates);
    ParameterUpdate update = new ParameterUpdate(network, settings);
    Map<String, Integer> begins = Map.of("output", 0, "dense2", 2, "dense1", 4);
    double[] expected = network.params().toDoubleVector();
    double[] first = new double[expected.length];
    double[] second = new double[expected.length];
    for (int epoch = 0; epoch < 7; epoch++) {
      double[] gradient = setGradient(network, epoch);
      for (Segment segment : Segment.of(network)) {
        int steps = epoch - begins.get(segment.layer()) + 1;
        for (int i = (int) segment.offset(); i < segment.offset() + segment.length(); i++) {
          expected[i] -=
              steps < 1 ? 0 : step(rule, RATE, gradient[i] / BATCH, first, second, i, steps);
        }
      }
      update.step(BATCH, new StepRates(RATE, OptionalDouble.empty(), 10L * epoch, epoch), 0);
      assertThat(network.params().toDoubleVector())
          .as("epoch %d", epoch)
          .containsExactly(expected, within(FLOAT_ROUNDING));
      ParameterUpdate another = new ParameterUpdate(network, settings);
      another.setState(update.state());
      update = another;
    }
  }

  @Test
  void severalLayersCanBeginTogether() {
    ComputationGraph network = perceptron();
    LayerRates rates = new LayerRates(LayerNames.NONE, LayerNames.NONE, 1, new Unfreezing(3, 2));
    ParameterUpdate update =
        new ParameterUpdate(network, settings("sgd", Regularization.none(), rates));
    assertThat(update.learned(2)).extracting(Segment::layer).containsOnly("dense2", "output");
    assertThat(update.learned(3)).hasSize(6);
    assertThat(update.learned(0)).hasSize(4);
  }

  @Test
  void freezingUpToALayerFreezesWhatItIsComputedFromAndNothingBesideIt() {
    var network = resnet().getConfiguration();
    assertThat(frozenUpTo("stage2-block1-first-conv").frozenLayers(network))
        .contains("stage2-block1-first-conv", "stage1-block3-relu", "stage1-block1-first-norm")
        .doesNotContain("stage2-block1-shortcut-conv", "stage2-block1-first-norm", "output");
    assertThat(frozenUpTo("stage2-block1-sum").frozenLayers(network))
        .contains("stage2-block1-shortcut-conv", "stage2-block1-second-norm")
        .doesNotContain("stage2-block1-relu");
    assertThat(frozenUpTo("pool").frozenLayers(network))
        .hasSize(network.getVertices().size() - 1)
        .doesNotContain("output");
    assertThat(LayerRates.ALIKE.frozenLayers(network)).isEmpty();
  }

  @Test
  void patternsThatFitNoLayerAreTold() {
    LayerRates rates =
        new LayerRates(
            new LayerNames(List.of("stage1-*", "stage9-*")),
            new LayerNames(List.of("pooling")),
            1,
            Unfreezing.AT_ONCE);
    assertThat(rates.unknown(resnet().getConfiguration())).containsExactly("stage9-*", "pooling");
  }
}
