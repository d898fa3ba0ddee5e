package dev.convoy.worker.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.worker.graph.Fusion;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Compiled networks, and graphs whose nodes were joined, against the formulas. */
class ReferenceNetworkTest {
  private static final int CLASSES = 5;
  private static final int SIZE = 3;
  private static final long KEY = 11;

  /**
   * Of sums of a few thousand floats, as a share of the largest value among them, behind up to 110
   * layers.
   */
  private static final double FLOAT_ROUNDING = 1e-4;

  /** Of the same sums in doubles, taken in another order. */
  private static final double DOUBLE_ROUNDING = 1e-10;

  /** A network with a batch, all of it small. */
  private static final class Example {
    final InputShape input;
    final ComputationGraph network;
    final Graph graph;
    final float[] images;
    final int[] labels;

    Example(ComponentSettings model) throws Exception {
      boolean large = model.name().startsWith("vgg");
      input = new InputShape(large ? 32 : 12, large ? 33 : 14, 2, CLASSES);
      network = Models.create(model, input, 5);
      stir();
      graph = GraphReader.read(network.getConfiguration(), input);
      Random random = new Random(7);
      images = new float[SIZE * input.values()];
      for (int i = 0; i < images.length; i++) {
        images[i] = (float) random.nextGaussian();
      }
      labels = random.ints(SIZE, 0, CLASSES).toArray();
    }

    /** Makes every parameter matter: zeros of biases and running statistics hide mistakes. */
    private void stir() {
      Random random = new Random(3);
      network
          .paramTable()
          .forEach(
              (name, values) -> {
                if (!name.endsWith("_W")) {
                  double base = name.endsWith("_gamma") || name.endsWith("_var") ? 1 : 0;
                  for (long i = 0; i < values.length(); i++) {
                    values.putScalar(i, base + 0.3 * random.nextDouble());
                  }
                }
              });
    }

    Pass pass(boolean training, long... keys) {
      return new Pass(training, keys, new Parameters(network));
    }

    double[] targets() {
      double[] targets = new double[SIZE * CLASSES];
      for (int i = 0; i < SIZE; i++) {
        targets[i * CLASSES + labels[i]] = 1;
      }
      return targets;
    }

    double[] compiledGradient() {
      return network.getFlattenedGradients().toDoubleVector();
    }

    /** Compares gradients parameter by parameter, each by the largest of its values. */
    void assertGradient(double[] actual, double[] expected, double tolerance) {
      // Gradients that cancel out, as those of a bias before a normalisation, are rounding alone.
      double least = 0.02 * Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      for (Map.Entry<String, INDArray> parameter : network.paramTable().entrySet()) {
        int from = Math.toIntExact(parameter.getValue().offset() - network.params().offset());
        int to = from + Math.toIntExact(parameter.getValue().length());
        assertClose(
            "gradient of " + parameter.getKey(),
            Arrays.copyOfRange(actual, from, to),
            Arrays.copyOfRange(expected, from, to),
            least,
            tolerance);
      }
    }
  }

  private static void assertClose(
      String what, double[] actual, double[] expected, double leastScale, double tolerance) {
    double scale = Math.max(leastScale, Arrays.stream(expected).map(Math::abs).max().orElseThrow());
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    assertThat(difference / scale).as(what).isLessThan(tolerance);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  /** Every model as narrow as it can be, and with dropout where it has any. */
  static Stream<ComponentSettings> models() {
    List<ComponentSettings> all = new ArrayList<>();
    for (String name : Models.FAMILY.names()) {
      Map<String, Object> narrow = new HashMap<>();
      for (String option : List.of("width", "growth")) {
        if (Models.FAMILY.member(name).option(option).isPresent()) {
          narrow.put(option, 4);
        }
      }
      all.add(new ComponentSettings(name, narrow));
    }
    all.add(new ComponentSettings("densenet-bc-40", Map.of("growth", 8)));
    all.add(new ComponentSettings("lenet-5", Map.of("dropout", 0.4)));
    all.add(new ComponentSettings("resnet-20", Map.of("width", 5, "dropout", 0.2)));
    all.add(new ComponentSettings("resnet-20", Map.of("width", 16, "normalization", "group")));
    all.add(new ComponentSettings("densenet-bc-40", Map.of("normalization", "group")));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void theGradientOfACompiledNetworkIsThatOfTheFormulas(ComponentSettings model) throws Exception {
    Example example = new Example(model);
    Pass pass = example.pass(true, KEY);
    double expected =
        new ReferenceNetwork(example.graph).gradient(example.images, example.targets(), SIZE, pass);
    try (CompiledNetwork compiled = CompiledNetwork.compile(example.network, example.input)) {
      assertThat(
              compiled.gradient(
                  Images.of(example.images), Targets.ofClasses(example.labels), SIZE, KEY))
          .isCloseTo(expected, Offset.offset(FLOAT_ROUNDING * Math.max(1, expected)));
      example.assertGradient(
          example.compiledGradient(), pass.parameters().gradients(), FLOAT_ROUNDING);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theAnswersOfACompiledNetworkAreThoseOfTheFormulas(ComponentSettings model) throws Exception {
    Example example = new Example(model);
    long[] keys = {5, 6, 7};
    try (CompiledNetwork compiled = CompiledNetwork.compile(example.network, example.input)) {
      assertClose(
          "probabilities",
          doubles(compiled.probabilities(Images.of(example.images), SIZE)),
          new ReferenceNetwork(example.graph.withoutDropout())
              .probabilities(example.images, SIZE, example.pass(false)),
          0,
          FLOAT_ROUNDING);
      assertClose(
          "sampled probabilities",
          doubles(compiled.sampledProbabilities(Images.of(example.images), keys, SIZE)),
          new ReferenceNetwork(example.graph.withNumberedMasks())
              .probabilities(
                  example.images,
                  SIZE,
                  example.pass(false, Arrays.stream(keys).map(KeyedRandom::mix).toArray())),
          0,
          FLOAT_ROUNDING);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void joiningNodesChangesNothingButRounding(ComponentSettings model) throws Exception {
    Example example = new Example(model);
    Pass apart = example.pass(true, KEY);
    Pass joined = example.pass(true, KEY);
    double expected =
        new ReferenceNetwork(example.graph)
            .gradient(example.images, example.targets(), SIZE, apart);
    assertThat(
            new ReferenceNetwork(Fusion.forTraining(example.graph))
                .gradient(example.images, example.targets(), SIZE, joined))
        .isCloseTo(expected, Offset.offset(DOUBLE_ROUNDING));
    example.assertGradient(
        joined.parameters().gradients(), apart.parameters().gradients(), DOUBLE_ROUNDING);
    Graph inference = example.graph.withoutDropout();
    assertClose(
        "probabilities",
        new ReferenceNetwork(Fusion.forInference(inference))
            .probabilities(example.images, SIZE, example.pass(false)),
        new ReferenceNetwork(inference).probabilities(example.images, SIZE, example.pass(false)),
        0,
        DOUBLE_ROUNDING);
  }
}
