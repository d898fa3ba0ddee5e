package dev.convoy.worker.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.graph.Fusion;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.LayerTable;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** A network with a batch, all of it small, and ways to compare who computes it. */
final class NetworkExample {
  static final int CLASSES = 5;
  private static final int SIZE = 3;
  private static final long KEY = 11;

  /**
   * Of sums of a few thousand floats, as a share of the largest value among them, behind up to 110
   * layers.
   */
  private static final double FLOAT_ROUNDING = 1e-4;

  /** Of doubles, where an epsilon or a slope is a float for one and a double for the other. */
  private static final double FLOATS_IN_FORMULAS = 1e-6;

  /** Of the same sums in doubles, taken in another order. */
  private static final double DOUBLE_ROUNDING = 1e-10;

  /** Makes an example when it is needed, and throws whatever the reader throws. */
  @FunctionalInterface
  interface Maker {
    NetworkExample make() throws UnsupportedNetworkException;
  }

  final InputShape input;
  final ComputationGraph network;
  final Graph graph;
  final float[] images;
  final int[] labels;

  NetworkExample(ComputationGraph network, InputShape input) throws UnsupportedNetworkException {
    this.input = input;
    this.network = network;
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

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
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

  /** A graph that reads images and has no layer yet. */
  static ComputationGraphConfiguration.GraphBuilder builder() {
    return new NeuralNetConfiguration.Builder()
        .seed(4)
        .updater(new NoOp())
        .activation(Activation.IDENTITY)
        .graphBuilder()
        .addInputs("images");
  }

  static ComputationGraph network(InputShape input, Layer... layers) {
    var graph = builder();
    String last = "images";
    for (Layer layer : layers) {
      String name = "layer" + graph.getVertices().size();
      graph.addLayer(name, layer, last);
      last = name;
    }
    return classifying(graph, last, input);
  }

  static ComputationGraph classifying(
      ComputationGraphConfiguration.GraphBuilder graph, String last, InputShape input) {
    ComputationGraph network =
        new ComputationGraph(
            graph
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    last)
                .setOutputs("output")
                .setInputTypes(
                    InputType.convolutional(input.height(), input.width(), input.channels()))
                .build());
    network.init();
    return network;
  }

  /** The gradient of a compiled network is that of the formulas. */
  void assertCompiledGradient() throws UnsupportedNetworkException {
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, input, Precision.FLOAT32, false, Set.of())) {
      assertGradient(compiled);
    }
  }

  /** The gradient that is propagated is that of the formulas. */
  void assertGradient(Propagation propagation) {
    Pass pass = pass(true, KEY);
    double expected = new ReferenceNetwork(graph).gradient(images, targets(), SIZE, pass);
    assertThat(propagation.gradient(Images.of(images), Targets.ofClasses(labels), SIZE, KEY))
        .isCloseTo(expected, Offset.offset(FLOAT_ROUNDING * Math.max(1, expected)));
    assertGradient(compiledGradient(), pass.parameters().gradients(), FLOAT_ROUNDING);
  }

  /** Propagating a batch again gives the same bits, whatever was remembered of it. */
  void assertRepeats(Propagation propagation) {
    double loss = 0;
    double[] gradient = {};
    for (int time = 0; time < 3; time++) {
      double again = propagation.gradient(Images.of(images), Targets.ofClasses(labels), SIZE, KEY);
      if (time > 0) {
        assertThat(again).isEqualTo(loss);
        assertThat(compiledGradient()).isEqualTo(gradient);
      }
      loss = again;
      gradient = compiledGradient();
    }
  }

  /** Images, and each of them again with a little noise. */
  float[] pairs() {
    Random random = new Random(8);
    float[] pairs = Arrays.copyOf(images, 2 * images.length);
    for (int i = 0; i < images.length; i++) {
      pairs[images.length + i] = (float) (images[i] + 0.1 * random.nextGaussian());
    }
    return pairs;
  }

  /** The gradient of pairs is that of the formulas, whose masks are the same for partners. */
  void assertPairedGradient(Propagation propagation) {
    double coefficient = 3;
    Pass pass = pass(true, KEY, KEY);
    double expected =
        new ReferenceNetwork(graph).pairedGradient(pairs(), targets(), coefficient, SIZE, pass);
    assertThat(
            propagation.pairedGradient(
                Images.of(pairs()), Targets.ofClasses(labels), coefficient, SIZE, KEY))
        .isCloseTo(expected, Offset.offset(FLOAT_ROUNDING * Math.max(1, expected)));
    assertGradient(compiledGradient(), pass.parameters().gradients(), FLOAT_ROUNDING);
  }

  /** Each difference quotient of the objective, which in doubles has an error of its step alone. */
  void assertPairedGradientIsTheSlopeOfItsObjective() {
    double coefficient = 3;
    Pass pass = pass(true, KEY, KEY);
    ReferenceNetwork reference = new ReferenceNetwork(graph);
    reference.pairedGradient(pairs(), targets(), coefficient, SIZE, pass);
    INDArray parameters = network.params();
    for (int i : new Random(2).ints(20, 0, (int) network.numParams()).toArray()) {
      float kept = parameters.getFloat(i);
      float step = Math.ulp(kept) + 0x1p-10f;
      parameters.putScalar(i, kept + step);
      double up = objective(reference, coefficient);
      parameters.putScalar(i, kept - step);
      double down = objective(reference, coefficient);
      double way = (double) (kept + step) - (kept - step);
      parameters.putScalar(i, kept);
      assertThat((up - down) / way)
          .isCloseTo(pass.parameters().gradients()[i], Offset.offset(1e-4));
    }
  }

  private double objective(ReferenceNetwork reference, double coefficient) {
    double loss =
        reference.pairedGradient(pairs(), targets(), coefficient, SIZE, pass(true, KEY, KEY));
    return SIZE * loss + coefficient * reference.distance();
  }

  /** The answers of a compiled network are those of the formulas. */
  void assertCompiledAnswers() throws UnsupportedNetworkException {
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, input, Precision.FLOAT32, false, Set.of())) {
      assertAnswers(compiled);
    }
  }

  /** What is answered is that of the formulas, with and without values dropped. */
  void assertAnswers(Propagation propagation) {
    long[] keys = {5, 6, 7};
    assertClose(
        "probabilities",
        doubles(propagation.probabilities(Images.of(images), SIZE)),
        new ReferenceNetwork(graph.inference()).probabilities(images, SIZE, pass(false)),
        0,
        FLOAT_ROUNDING);
    assertClose(
        "sampled probabilities",
        doubles(propagation.sampledProbabilities(Images.of(images), keys, SIZE)),
        new ReferenceNetwork(graph.sampling())
            .probabilities(
                images, SIZE, pass(false, Arrays.stream(keys).map(KeyedRandom::mix).toArray())),
        0,
        FLOAT_ROUNDING);
  }

  /** Joining nodes changes nothing but rounding. */
  void assertJoiningChangesNothing() throws UnsupportedNetworkException {
    Pass apart = pass(true, KEY);
    Pass joined = pass(true, KEY);
    double expected = new ReferenceNetwork(graph).gradient(images, targets(), SIZE, apart);
    assertThat(
            new ReferenceNetwork(Fusion.forTraining(graph))
                .gradient(images, targets(), SIZE, joined))
        .isCloseTo(expected, Offset.offset(DOUBLE_ROUNDING));
    assertGradient(
        joined.parameters().gradients(), apart.parameters().gradients(), DOUBLE_ROUNDING);
    Graph inference = graph.inference();
    assertClose(
        "probabilities",
        new ReferenceNetwork(Fusion.forInference(inference))
            .probabilities(images, SIZE, pass(false)),
        new ReferenceNetwork(inference).probabilities(images, SIZE, pass(false)),
        0,
        DOUBLE_ROUNDING);
  }

  /** Deeplearning4j's own layers, in doubles, give the gradient and answers of the formulas. */
  void assertDeeplearning4jAgrees() {
    ComputationGraph stock = network.convertDataType(DataType.DOUBLE);
    Pass pass = pass(true, KEY);
    double expected = new ReferenceNetwork(graph).gradient(images, targets(), SIZE, pass);
    stock.setInput(0, imagesInDoubles());
    for (int output = 0; output < stock.getNumOutputArrays(); output++) {
      stock.setLabel(output, Nd4j.create(targets(), new long[] {SIZE, CLASSES}, DataType.DOUBLE));
    }
    stock.computeGradientAndScore();
    assertThat(stock.score()).isCloseTo(expected, Offset.offset(FLOATS_IN_FORMULAS));
    assertGradient(
        stock.getFlattenedGradients().toDoubleVector(),
        pass.parameters().gradients(),
        FLOATS_IN_FORMULAS);
    assertDeeplearning4jAnswersAlike();
  }

  /** A configuration that was saved is restored. */
  void assertRestored() {
    ComputationGraphConfiguration saved = network.getConfiguration();
    assertThat(ComputationGraphConfiguration.fromJson(saved.toJson())).isEqualTo(saved);
  }

  /** Every parameter is in the layer table, if there are no auxiliary classifiers. */
  void assertTableHasAllParameters() {
    var work = LayerTable.of(graph).work();
    long found = work.weights() + work.statistics();
    if (graph.heads().size() > 1) {
      assertThat(found).isLessThan(network.numParams());
    } else {
      assertThat(found).isEqualTo(network.numParams());
    }
  }

  /** Deeplearning4j's own layers, in doubles, give the answers of the formulas. */
  void assertDeeplearning4jAnswersAlike() {
    ComputationGraph stock = network.convertDataType(DataType.DOUBLE);
    assertClose(
        "probabilities",
        stock.output(imagesInDoubles())[0].dup('c').data().asDouble(),
        new ReferenceNetwork(graph.inference()).probabilities(images, SIZE, pass(false)),
        0,
        FLOATS_IN_FORMULAS);
  }

  private INDArray imagesInDoubles() {
    long[] shape = {SIZE, input.channels(), input.height(), input.width()};
    return Nd4j.create(images, shape, 'c').castTo(DataType.DOUBLE);
  }
}
