package dev.convoy.worker.model;

import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.worker.model.layer.AdaptivePooling;
import dev.convoy.worker.model.layer.GroupNormalization;
import dev.convoy.worker.model.layer.ScaledCrossEntropy;
import dev.convoy.worker.model.layer.StochasticDepth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A graph configuration in the making. It holds what all models share (names of the input and the
 * output, number type, loss) and the name of the vertex that the next layer goes on.
 */
public final class NetworkSketch {
  /** The vertex of the images. */
  public static final String INPUT = "input";

  /** The vertex of the classes' probabilities. */
  public static final String OUTPUT = "output";

  /** Replaced by whoever trains the network; 1 makes an update equal to its gradient. */
  private static final double PLACEHOLDER_LEARNING_RATE = 1.0;

  /** Deeplearning4j's default is the clock, which would be in every saved model. */
  private static final long PLACEHOLDER_SEED = 1;

  /** Added to variances. */
  public static final double EPSILON = 1e-5;

  /** The most units or channels of a layer. */
  public static final int MAX_WIDTH = 65_536;

  /** Of networks whose convolutions end in one softmax layer. */
  static final Option<Double> FEATURE_DROPOUT = featureDropout(0);

  /** Of networks whose units can have any function. */
  static final Option<ActivationFunction> ACTIVATION =
      ActivationFunction.option("relu", "function of every unit");

  /** Of networks whose convolutions are normalised. */
  static final Option<ChannelNormalization> NORMALIZATION = normalization("batch");

  /** Of networks whose every layer has a number of channels of its own. */
  static final Option<Double> CHANNEL_FACTOR =
      Option.number(
          "channel-factor",
          1,
          Range.openClosed(0, 16),
          "what the paper's numbers of channels are multiplied by");

  private final GraphBuilder graph;
  private final InputShape input;
  private final ChannelNormalization normalization;
  private final double epsilon;
  private final Map<String, InputType> values = new HashMap<>();
  private final Set<String> read = new HashSet<>();
  private final List<String> auxiliaries = new ArrayList<>();
  private String last = INPUT;
  private double channelFactor = 1;
  private ActivationFunction activation = ActivationFunction.RELU;

  /** Of a network with batch normalisation, or none. */
  public NetworkSketch(InputShape input) {
    this(input, ChannelNormalization.batch());
  }

  NetworkSketch(InputShape input, ChannelNormalization normalization) {
    this(input, normalization, EPSILON);
  }

  /**
   * A network with an epsilon of its own.
   *
   * @param epsilon that batch normalisation adds to variances, positive
   */
  NetworkSketch(InputShape input, ChannelNormalization normalization, double epsilon) {
    this.input = input;
    this.normalization = normalization;
    this.epsilon = epsilon;
    values.put(INPUT, images(input));
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

  /** A network with {@link #NORMALIZATION} and {@link #ACTIVATION} among its options. */
  static NetworkSketch of(InputShape input, OptionValues options) {
    return of(input, options, EPSILON);
  }

  /** The same with an epsilon of its own. */
  static NetworkSketch of(InputShape input, OptionValues options, double epsilon) {
    return new NetworkSketch(input, options.value(NORMALIZATION), epsilon)
        .activation(options.value(ACTIVATION));
  }

  /** Gives all {@link #activate}d values that follow another function than a rectifier's. */
  NetworkSketch activation(ActivationFunction function) {
    activation = function;
    return this;
  }

  /** Multiplies the channels of all {@link #unit}s that follow. */
  NetworkSketch channelFactor(double factor) {
    channelFactor = factor;
    return this;
  }

  private static InputType images(InputShape input) {
    return InputType.convolutional(input.height(), input.width(), input.channels());
  }

  /** The option {@code width}, of which every layer's is a multiple. */
  static Option<Integer> width(int defaultValue, String meaning) {
    return Option.wholeNumber("width", defaultValue, 1, MAX_WIDTH, meaning);
  }

  /** The option {@code normalization}. */
  static Option<ChannelNormalization> normalization(String defaultName) {
    return Option.member(
        "normalization",
        ChannelNormalization.FAMILY,
        defaultName,
        "normalisation of the convolutions' channels");
  }

  /** The option {@code dropout} of a network whose convolutions end in one softmax layer. */
  static Option<Double> featureDropout(double defaultValue) {
    return dropout(
        defaultValue, "probability of dropping a feature in front of the last layer in training");
  }

  /** The option {@code dropout}, a probability below 1. */
  static Option<Double> dropout(double defaultValue, String meaning) {
    return Option.number("dropout", defaultValue, Range.closedOpen(0, 1), meaning);
  }

  /** The vertex that the next {@link #then} reads. */
  public String last() {
    return last;
  }

  /** Goes on behind a named vertex. */
  public NetworkSketch at(String vertex) {
    last = vertex;
    return this;
  }

  /** The extent of an example's values at a vertex. */
  public InputType extent(String vertex) {
    return values.get(vertex);
  }

  /** Whether a vertex is an input of another one. */
  public boolean isRead(String vertex) {
    return read.contains(vertex);
  }

  /** How many channels the last vertex has. */
  int channels() {
    return Math.toIntExact(lastImages().getChannels());
  }

  /** How many rows the last vertex has. */
  int rows() {
    return Math.toIntExact(lastImages().getHeight());
  }

  /** How many columns the last vertex has. */
  int columns() {
    return Math.toIntExact(lastImages().getWidth());
  }

  private InputType.InputTypeConvolutional lastImages() {
    return (InputType.InputTypeConvolutional) values.get(last);
  }

  /** Adds a layer behind the last vertex. */
  public NetworkSketch then(String name, Layer layer) {
    InputType before = values.get(last);
    InputPreProcessor preprocessor = layer.getPreProcessorForInputType(before);
    InputType seen = preprocessor == null ? before : preprocessor.getOutputType(before);
    graph.addLayer(name, layer, last);
    read.add(last);
    return added(name, layer.getOutputType(values.size(), seen));
  }

  private NetworkSketch added(String name, InputType value) {
    values.put(name, value);
    last = name;
    return this;
  }

  /** Adds a vertex behind others. */
  public NetworkSketch join(String name, GraphVertex vertex, String... vertices) {
    graph.addVertex(name, vertex, vertices);
    read.addAll(List.of(vertices));
    InputType[] inputs = Stream.of(vertices).map(values::get).toArray(InputType[]::new);
    return added(name, vertex.getOutputType(values.size(), inputs));
  }

  /** Adds a convolution, a normalisation and a function behind the last vertex. */
  NetworkSketch unit(String name, Convolution convolution) {
    return normalisedConvolution(name, convolution.times(channelFactor)).activate(name + "-relu");
  }

  /** Adds a convolution behind the last vertex, and a normalisation behind that. */
  NetworkSketch normalisedConvolution(String name, Convolution convolution) {
    return convolution(name + "-conv", convolution).normalise(name + "-norm");
  }

  /**
   * Adds a convolution behind the last vertex. It has a bias unless a normalisation has a shift,
   * which does the same.
   */
  NetworkSketch convolution(String name, Convolution convolution) {
    return convolution(name, convolution, !normalization.hasShift());
  }

  /** Adds a convolution with or without bias behind the last vertex. */
  NetworkSketch convolution(String name, Convolution convolution, boolean biased) {
    Convolution fitting = isSeries() ? convolution.ofSeries() : convolution;
    return then(name, normalization.applied(fitting.layer(biased)));
  }

  /** Whether images are series: one row, along which kernels move. */
  public boolean isSeries() {
    return input.height() == 1;
  }

  /** Normalises the channels of the last vertex, if the network does that. */
  NetworkSketch normalise(String name) {
    return normalise(name, 1);
  }

  /**
   * Normalises the channels of the last vertex, if the network does that.
   *
   * @param scale what a normalisation that has a scale multiplies by before it learns; 0 for the
   *     last one of a block that is to begin as its shortcut
   */
  NetworkSketch normalise(String name, double scale) {
    normalization
        .layer()
        .ifPresent(
            layer -> {
              if (layer instanceof BatchNormalization batch) {
                batch.setEps(epsilon);
                batch.setGamma(scale);
              } else if (layer instanceof GroupNormalization groups) {
                groups.setInitialScale(scale);
              }
              then(name, layer);
            });
    return this;
  }

  /** Adds the network's function behind the last vertex. */
  NetworkSketch activate(String name) {
    return then(name, activation.layer(values.get(last)));
  }

  /** Drops values of the last vertex in training, each with a probability; 0 for none. */
  NetworkSketch drop(String name, double probability) {
    return probability == 0 ? this : then(name, new DropoutLayer.Builder(1 - probability).build());
  }

  /** Adds a max pooling that halves height and width behind the last layer. */
  NetworkSketch halve(String name) {
    return pool(name, PoolingType.MAX, 2, 2, 0);
  }

  /** Takes the largest value of each window. */
  NetworkSketch maximum(String name, int kernel, int stride, int padding) {
    return pool(name, PoolingType.MAX, kernel, stride, padding);
  }

  /**
   * Takes the largest value of each window, where the last one may reach over the edge of the image
   * (PyTorch's {@code ceil_mode}). Where one axis has such a window, and the other one must not
   * have any, the columns are pooled first and the rows then: the largest of the largest.
   *
   * @param kernel 2 or 3
   * @param stride 2
   */
  NetworkSketch maximumToTheEdge(String name, int kernel, int stride) {
    int kernelRows = isSeries() ? 1 : kernel;
    boolean rowsFit = (rows() - kernelRows) % stride == 0;
    boolean columnsFit = (columns() - kernel) % stride == 0;
    if (rowsFit && columnsFit) {
      return maximum(name, kernel, stride, 0);
    }
    if (reachesOver(rows(), kernelRows, stride) && reachesOver(columns(), kernel, stride)) {
      return maximum(name, ConvolutionMode.Same, new int[] {kernelRows, kernel}, stride, stride);
    }
    return maximum(name + "-columns", modeOf(columnsFit), new int[] {1, kernel}, 1, stride)
        .maximum(name, modeOf(rowsFit), new int[] {kernelRows, 1}, stride, 1);
  }

  private static ConvolutionMode modeOf(boolean fits) {
    return fits ? ConvolutionMode.Truncate : ConvolutionMode.Same;
  }

  /**
   * Whether Deeplearning4j's mode "same" pads nothing in front of an axis, and at most one value.
   */
  private static boolean reachesOver(int extent, int kernel, int stride) {
    int windows = (extent + stride - 1) / stride;
    return (windows - 1) * stride + kernel - extent <= 1;
  }

  private NetworkSketch maximum(
      String name, ConvolutionMode mode, int[] kernel, int strideDown, int strideAcross) {
    return then(
        name,
        new SubsamplingLayer.Builder(PoolingType.MAX)
            .convolutionMode(mode)
            .kernelSize(kernel[0], kernel[1])
            .stride(strideDown, strideAcross)
            .build());
  }

  /** Takes the mean of each window, of the values that lie in the image. */
  NetworkSketch mean(String name, int kernel, int stride, int padding) {
    return pool(name, PoolingType.AVG, kernel, stride, padding);
  }

  private NetworkSketch pool(String name, PoolingType type, int kernel, int stride, int padding) {
    return then(
        name,
        new SubsamplingLayer.Builder(type)
            .convolutionMode(ConvolutionMode.Truncate)
            .kernelSize(isSeries() ? 1 : kernel, kernel)
            .stride(stride, stride)
            .padding(isSeries() ? 0 : padding, padding)
            .build());
  }

  /** Takes the largest value of each channel: a vector. */
  NetworkSketch globalMaximum(String name) {
    return then(name, new GlobalPoolingLayer.Builder(PoolingType.MAX).build());
  }

  /** Takes means over so many rows and columns of windows, whatever the image's extent. */
  NetworkSketch meanTo(String name, int side) {
    int height = isSeries() ? 1 : side;
    return rows() == height && columns() == side
        ? this
        : then(name, new AdaptivePooling(PoolingType.AVG, height, side));
  }

  /** Takes the mean of each channel: a vector. */
  NetworkSketch globalMean(String name) {
    return then(name, new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
  }

  /** Adds vertices of equal shape. */
  NetworkSketch sum(String name, String... vertices) {
    return join(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), vertices);
  }

  /** Multiplies the last vertex by a constant. */
  NetworkSketch scale(String name, double factor) {
    return join(name, new ScaleVertex(factor), last);
  }

  /** Adds the channels of vertices, one's after the other's. */
  NetworkSketch concatenate(String name, String... vertices) {
    return join(name, new MergeVertex(), vertices);
  }

  /** Adds branches behind the last vertex, and the channels of their results behind each other. */
  @SafeVarargs
  final NetworkSketch branches(String name, Consumer<NetworkSketch>... branches) {
    String source = last;
    String[] ends = new String[branches.length];
    for (int i = 0; i < branches.length; i++) {
      branches[i].accept(at(source));
      ends[i] = last;
    }
    return concatenate(name, ends);
  }

  /** A layer that sees its input with some values dropped. */
  static <B extends Layer.Builder<?>> B dropping(double probability, B layer) {
    if (probability > 0) {
      layer.dropOut(1 - probability); // Deeplearning4j takes the probability of keeping a value.
    }
    return layer;
  }

  /** Adds a fully connected layer with the network's function behind the last vertex. */
  NetworkSketch dense(String name, int units) {
    HiddenUnits.of(activation).add(this, name, units, 0);
    return this;
  }

  /** Drops the last vertex of an image as a whole in training, with a probability; 0 for none. */
  NetworkSketch dropImages(String name, double probability) {
    return probability == 0 ? this : then(name, new DropoutLayer(new StochasticDepth(probability)));
  }

  /**
   * Adds a classifier behind the last vertex that takes part in training only.
   *
   * @param dropout the probability of dropping one of its inputs in training
   * @param weight of its loss
   */
  public NetworkSketch auxiliary(String name, double dropout, double weight) {
    auxiliaries.add(name);
    return then(name, softmax(dropout, new ScaledCrossEntropy(weight)));
  }

  /** Ends the network with a softmax over the classes, trained on cross-entropy. */
  public ComputationGraphConfiguration classify() {
    return classify(0);
  }

  /** The same, where the softmax layer sees its input with some values dropped. */
  ComputationGraphConfiguration classify(double dropout) {
    return classify(dropout, new LossMCXENT());
  }

  /** The same with another loss. */
  ComputationGraphConfiguration classify(double dropout, ILossFunction loss) {
    then(OUTPUT, softmax(dropout, loss));
    String[] outputs =
        Stream.concat(Stream.of(OUTPUT), auxiliaries.stream()).toArray(String[]::new);
    // Of a single number, the softmax gives way to the loss's own function (OutputLoss).
    return graph
        .setOutputs(outputs)
        .setInputTypes(images(input))
        .validateOutputLayerConfig(input.classes() > 1)
        .build();
  }

  private Layer softmax(double dropout, ILossFunction loss) {
    return dropping(dropout, new OutputLayer.Builder(loss))
        .activation(Activation.SOFTMAX)
        .weightInit(WeightInit.NORMAL)
        .nOut(input.classes())
        .build();
  }
}
