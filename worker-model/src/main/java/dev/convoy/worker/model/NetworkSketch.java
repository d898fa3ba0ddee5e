package dev.convoy.worker.model;

import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * A graph configuration in the making. It holds what all models share (names of the input and the
 * output, number type, loss) and the name of the vertex that the next layer goes on.
 */
final class NetworkSketch {
  static final String INPUT = "input";
  static final String OUTPUT = "output";

  /** Replaced by whoever trains the network; 1 makes an update equal to its gradient. */
  private static final double PLACEHOLDER_LEARNING_RATE = 1.0;

  /** Deeplearning4j's default is the clock, which would be in every saved model. */
  private static final long PLACEHOLDER_SEED = 1;

  /** Added to variances. */
  static final double EPSILON = 1e-5;

  /** The most units or channels of a layer. */
  static final int MAX_WIDTH = 65_536;

  /** Of networks whose convolutions end in one softmax layer. */
  static final Option<Double> FEATURE_DROPOUT =
      dropout("probability of dropping a feature in front of the last layer in training");

  /** Of networks whose convolutions are normalised. */
  static final Option<ChannelNormalization> NORMALIZATION =
      Option.member(
          "normalization",
          ChannelNormalization.FAMILY,
          "batch",
          "normalisation of the convolutions' channels");

  private final GraphBuilder graph;
  private final InputShape input;
  private final ChannelNormalization normalization;
  private String last = INPUT;

  /** Of a network with batch normalisation, or none. */
  NetworkSketch(InputShape input) {
    this(input, ChannelNormalization::batch);
  }

  NetworkSketch(InputShape input, ChannelNormalization normalization) {
    this.input = input;
    this.normalization = normalization;
    this.graph =
        new NeuralNetConfiguration.Builder()
            .seed(PLACEHOLDER_SEED)
            .dataType(DataType.FLOAT)
            .updater(new Sgd(PLACEHOLDER_LEARNING_RATE))
            .weightInit(WeightInit.RELU)
            .activation(Activation.IDENTITY)
            .trainingWorkspaceMode(WorkspaceMode.ENABLED)
            .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
            .graphBuilder()
            .addInputs(INPUT);
  }

  /** The option {@code width}, of which every layer's is a multiple. */
  static Option<Integer> width(int defaultValue, String meaning) {
    return Option.wholeNumber("width", defaultValue, 1, MAX_WIDTH, meaning);
  }

  /** The option {@code dropout}, a probability below 1. */
  static Option<Double> dropout(String meaning) {
    return Option.number("dropout", 0, Range.closedOpen(0, 1), meaning);
  }

  /** The vertex that the next {@link #then} reads. */
  String last() {
    return last;
  }

  /** Adds a layer behind the last one. */
  NetworkSketch then(String name, Layer layer) {
    return from(last, name, layer);
  }

  /** Adds a layer behind a named vertex. */
  NetworkSketch from(String source, String name, Layer layer) {
    graph.addLayer(name, layer, source);
    last = name;
    return this;
  }

  /**
   * Adds a convolution behind a named vertex, and a normalisation behind that.
   *
   * @param kernel height and width in pixels, odd
   */
  NetworkSketch normalisedConvolution(
      String source, String name, int channels, int kernel, int stride) {
    return convolution(source, name + "-conv", channels, kernel, stride).normalise(name + "-norm");
  }

  /**
   * Adds a convolution behind a named vertex. It is padded so that only its stride changes the size
   * of the image; it has no bias, which a normalisation would take off again.
   *
   * @param kernel height and width in pixels, odd
   */
  NetworkSketch convolution(String source, String name, int channels, int kernel, int stride) {
    return from(
        source,
        name,
        new ConvolutionLayer.Builder(kernel, kernel)
            .stride(stride, stride)
            .padding(kernel / 2, kernel / 2)
            .nOut(channels)
            .hasBias(false)
            .build());
  }

  /** Normalises the channels of the last layer. */
  NetworkSketch normalise(String name) {
    return then(name, normalization.layer());
  }

  /** Adds a rectifier behind the last layer. */
  NetworkSketch relu(String name) {
    return then(name, new ActivationLayer.Builder().activation(Activation.RELU).build());
  }

  /** Adds a max pooling that halves height and width behind the last layer. */
  NetworkSketch halve(String name) {
    return then(
        name, new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build());
  }

  /** Adds two vertices of equal shape. */
  NetworkSketch sum(String name, String first, String second) {
    graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), first, second);
    last = name;
    return this;
  }

  /** Adds the channels of two vertices, one's after the other's. */
  NetworkSketch concatenate(String name, String first, String second) {
    graph.addVertex(name, new MergeVertex(), first, second);
    last = name;
    return this;
  }

  /** A layer that sees its input with some values dropped. */
  static <B extends Layer.Builder<?>> B dropping(double probability, B layer) {
    if (probability > 0) {
      layer.dropOut(1 - probability); // Deeplearning4j takes the probability of keeping a value.
    }
    return layer;
  }

  /** Ends the network with a softmax over the classes, trained on cross-entropy. */
  ComputationGraphConfiguration classify() {
    return classify(0);
  }

  /** The same, where the softmax layer sees its input with some values dropped. */
  ComputationGraphConfiguration classify(double dropout) {
    then(
        OUTPUT,
        dropping(dropout, new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT))
            .activation(Activation.SOFTMAX)
            .weightInit(WeightInit.NORMAL)
            .nOut(input.classes())
            .build());
    return graph
        .setOutputs(OUTPUT)
        .setInputTypes(InputType.convolutional(input.height(), input.width(), input.channels()))
        .build();
  }
}
