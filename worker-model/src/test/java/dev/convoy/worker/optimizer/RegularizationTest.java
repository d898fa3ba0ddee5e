package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.Penalties.Touched;
import dev.convoy.worker.schedule.StepRates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Penalties, clips and bounds, in steps of gradient descent at a rate of 1. */
class RegularizationTest {
  /** Of a few operations in single precision. */
  private static final double FLOAT_ROUNDING = 1e-5;

  private static final InputShape SMALL = new InputShape(2, 2, 1, 2);
  private static final Map<String, double[]> PYTORCH = new HashMap<>();

  @BeforeAll
  static void read() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                RegularizationTest.class.getResourceAsStream("pytorch_clipping.txt"),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] parts = line.split(" : ", 2);
        PYTORCH.put(
            parts[0],
            Stream.of(parts[1].split(" ", -1)).mapToDouble(Double::parseDouble).toArray());
      }
    }
  }

  /** A network with parameters and gradients of its own. */
  private static final class Example {
    final ComputationGraph network;
    final List<Segment> segments;

    Example(ComputationGraph network, double[] parameters, double[] gradient) {
      this.network = network;
      this.segments = Segment.of(network);
      network.initGradientsView();
      assign(network.params(), parameters);
      assign(HostVector.gradients(network), gradient);
    }

    /** Two full connections, as PyTorch has them. */
    static Example ofPyTorch() {
      ComputationGraph network =
          Models.create(new ComponentSettings("mlp", Map.of("hidden", List.of(3))), SMALL, 1);
      return new Example(network, PYTORCH.get("parameters"), PYTORCH.get("none"));
    }

    /** Convolutions with normalisation, and random values. */
    static Example ofConvolutions() {
      ComputationGraph network =
          Models.create(
              new ComponentSettings("resnet-20", Map.of("width", 4)),
              new InputShape(8, 8, 3, 4),
              1);
      Random random = new Random(3);
      int length = Math.toIntExact(network.numParams());
      return new Example(
          network,
          random.doubles(length, -1, 1).toArray(),
          random.doubles(length, -1, 1).toArray());
    }

    private static void assign(INDArray vector, double[] values) {
      for (int i = 0; i < values.length; i++) {
        vector.putScalar(i, (float) values[i]);
      }
    }

    double[] parameters() {
      return network.params().toDoubleVector();
    }

    double[] gradient() {
      return HostVector.gradients(network).toDoubleVector();
    }

    /** What a step takes off the parameters. */
    double[] step(Regularization regularization) {
      double[] before = parameters();
      new ParameterUpdate(
              network,
              PlainOptimizer.settings(
                  ComponentSettings.defaults("sgd"),
                  1,
                  regularization,
                  ComponentSettings.defaults("constant")))
          .step(1, StepRates.of(1), 0);
      double[] after = parameters();
      double[] change = new double[after.length];
      Arrays.setAll(change, i -> before[i] - after[i]);
      return change;
    }
  }

  private static Regularization clips(GradientClips clips) {
    return new Regularization(Penalties.ofWeights(0, 0, 0), clips, new MaxNorm(0, LayerNames.ALL));
  }

  private static Regularization penalties(Penalties penalties) {
    return new Regularization(penalties, GradientClips.NONE, new MaxNorm(0, LayerNames.ALL));
  }

  @ParameterizedTest
  @CsvSource({
    "value 0.5, 0.5, 0, 0",
    "layer-norm 1.5, 0, 1.5, 0",
    "layer-norm 1000, 0, 1000, 0",
    "norm 1.5, 0, 0, 1.5"
  })
  void clippedGradientsAreThoseOfPyTorch(String name, double value, double layerNorm, double norm) {
    assertThat(Example.ofPyTorch().step(clips(new GradientClips(value, layerNorm, 0, norm))))
        .containsExactly(PYTORCH.get(name), within(FLOAT_ROUNDING));
  }

  /** Unit by unit against the paper's formula. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.5, 100})
  void adaptiveClippingIsThePapersFormula(double share) {
    Example example = Example.ofConvolutions();
    double[] weights = example.parameters();
    double[] expected = example.gradient();
    for (Segment segment : example.segments) {
      int from = Math.toIntExact(segment.offset());
      int length = Math.toIntExact(segment.length());
      boolean isWeight = segment.kind() == Segment.Kind.WEIGHT;
      if (segment.layer().equals("output") || segment.kind() == Segment.Kind.RUNNING_STATISTIC) {
        continue;
      }
      // A convolution's weights are [unit, channel, row, column] in C order.
      int units = isWeight ? segment.shape().get(0) : 1;
      int run = length / units;
      for (int unit = 0; unit < units; unit++) {
        double weight = norm(weights, from + unit * run, run);
        double gradient = norm(expected, from + unit * run, run);
        double largest = share * Math.max(weight, 1e-3);
        for (int i = from + unit * run; i < from + (unit + 1) * run; i++) {
          expected[i] *= gradient > largest ? largest / gradient : 1;
        }
      }
    }
    assertThat(example.step(clips(new GradientClips(0, 0, share, 0))))
        .containsExactly(expected, within(FLOAT_ROUNDING));
  }

  private static double norm(double[] values, int from, int count) {
    return Math.sqrt(Arrays.stream(values, from, from + count).map(v -> v * v).sum());
  }

  /** The difference quotient of ‖WᵀW - I‖², with more units than inputs and with fewer. */
  @Test
  void theOrthogonalityPenaltyIsTheSlopeOfItsFormula() {
    Example example = Example.ofPyTorch();
    double coefficient = 0.3;
    double[] parameters = example.parameters();
    double[] expected = example.gradient();
    for (int[] layer : new int[][] {{0, 3, 4}, {15, 2, 3}}) {
      for (int i = layer[0]; i < layer[0] + layer[1] * layer[2]; i++) {
        double step = 1e-5;
        double[] up = parameters.clone();
        double[] down = parameters.clone();
        up[i] += step;
        down[i] -= step;
        expected[i] += coefficient * (deviation(up, layer) - deviation(down, layer)) / (2 * step);
      }
    }
    assertThat(
            example.step(
                penalties(new Penalties(0, 0, 0, 0, coefficient, Touched.ALL, LayerNames.ALL))))
        .containsExactly(expected, within(1e-4));
  }

  /** ‖WᵀW - I‖² of a layer of {offset, units, inputs}, whose units are columns of W. */
  private static double deviation(double[] parameters, int[] layer) {
    double sum = 0;
    for (int a = 0; a < layer[1]; a++) {
      for (int b = 0; b < layer[1]; b++) {
        double product = a == b ? -1 : 0;
        for (int i = 0; i < layer[2]; i++) {
          product +=
              parameters[layer[0] + a * layer[2] + i] * parameters[layer[0] + b * layer[2] + i];
        }
        sum += product * product;
      }
    }
    return sum;
  }

  @Test
  void orthogonalityAloneMakesTheWeightsOfUnitsOrthonormal() {
    ComputationGraph network =
        Models.create(
            new ComponentSettings("mlp", Map.of("hidden", List.of(6))),
            new InputShape(4, 4, 1, 3),
            1);
    network.initGradientsView();
    ParameterUpdate update =
        new ParameterUpdate(
            network,
            PlainOptimizer.settings(
                ComponentSettings.defaults("sgd"),
                0.05,
                penalties(new Penalties(0, 0, 0, 0, 1, Touched.WEIGHTS, LayerNames.ALL)),
                ComponentSettings.defaults("constant")));
    for (int step = 0; step < 300; step++) {
      HostVector.gradients(network).assign(0);
      update.step(1, StepRates.of(0.05), 0);
    }
    INDArray weights =
        network.getParam(network.getLayers()[0].conf().getLayer().getLayerName() + "_W");
    INDArray gram = weights.transpose().mmul(weights);
    assertThat(gram.sub(Nd4j.eye(6)).amaxNumber().doubleValue()).isLessThan(1e-3);
  }

  @Test
  void penaltiesTouchWeightsAloneOrAllThatIsLearned() {
    for (Touched touched : Touched.values()) {
      Example example = Example.ofConvolutions();
      double[] parameters = example.parameters();
      double[] expected = example.gradient();
      for (Segment segment : example.segments) {
        boolean isTouched =
            segment.kind() == Segment.Kind.WEIGHT
                || (touched == Touched.ALL && segment.kind() != Segment.Kind.RUNNING_STATISTIC);
        for (long i = segment.offset(); isTouched && i < segment.offset() + segment.length(); i++) {
          double parameter = parameters[(int) i];
          expected[(int) i] += 0.2 * parameter + 0.1 * Math.signum(parameter);
        }
      }
      assertThat(example.step(penalties(new Penalties(0.1, 0, 0.2, 0, 0, touched, LayerNames.ALL))))
          .containsExactly(expected, within(FLOAT_ROUNDING));
    }
  }

  @Test
  void penaltiesTouchTheLayersOfTheirNames() {
    Example example = Example.ofPyTorch();
    double[] parameters = example.parameters();
    double[] expected = example.gradient();
    for (int i = 15; i < 21; i++) { // the weights of the second connection
      expected[i] += 0.5 * parameters[i];
    }
    assertThat(
            example.step(
                penalties(
                    new Penalties(
                        0, 0, 0.5, 0, 0, Touched.WEIGHTS, new LayerNames(List.of("out*"))))))
        .containsExactly(expected, within(FLOAT_ROUNDING));
  }

  @Test
  void theNormOfWeightsIsBoundedInTheLayersOfItsNames() {
    Example example = Example.ofPyTorch();
    double[] without = Example.ofPyTorch().step(Regularization.none());
    example.step(
        new Regularization(
            Penalties.ofWeights(0, 0, 0),
            GradientClips.NONE,
            new MaxNorm(0.1, new LayerNames(List.of("output")))));
    double[] after = example.parameters();
    for (int i = 0; i < 15; i++) {
      assertThat(PYTORCH.get("parameters")[i] - after[i])
          .isCloseTo(without[i], within(FLOAT_ROUNDING));
    }
    for (int unit = 0; unit < 2; unit++) {
      assertThat(norm(after, 15 + 3 * unit, 3)).isCloseTo(0.1, within(1e-6));
    }
  }

  @Test
  void aStarStandsForAnyLetters() {
    LayerNames names = new LayerNames(List.of("stage1-*", "*conv", "a.c"));
    assertThat(Stream.of("stage1-", "stage1-block", "conv", "last-conv", "a.c"))
        .allMatch(names::contain);
    assertThat(Stream.of("stage2-block", "conv1", "abc", "")).noneMatch(names::contain);
    assertThat(LayerNames.ALL.contain("anything")).isTrue();
  }
}
