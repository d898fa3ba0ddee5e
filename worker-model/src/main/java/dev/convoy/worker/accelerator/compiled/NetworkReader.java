package dev.convoy.worker.accelerator.compiled;

import dev.convoy.worker.accelerator.propagation.KeyedDropout;
import dev.convoy.worker.model.InputShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Reads a network of Deeplearning4j as operations, up to the values that go into its softmax. */
final class NetworkReader {
  private static final int[] HEIGHT_AND_WIDTH = {2, 3};

  private final ComputationGraphConfiguration configuration;
  private final Map<String, InputType> types;
  private final InputType images;
  private final List<Operation> operations = new ArrayList<>();

  private NetworkReader(ComputationGraph network, InputShape input) {
    this.configuration = network.getConfiguration();
    this.images = InputType.convolutional(input.height(), input.width(), input.channels());
    this.types = configuration.getLayerActivationTypes(images);
  }

  /**
   * The operations in an order in which they can be computed; the last one gives the values that go
   * into the softmax.
   *
   * @throws UnsupportedNetworkException if the network holds anything else
   */
  static List<Operation> read(ComputationGraph network, InputShape input)
      throws UnsupportedNetworkException {
    ComputationGraphConfiguration configuration = network.getConfiguration();
    require(network.params().dataType() == DataType.FLOAT, "its parameters are not floats");
    require(configuration.getNetworkInputs().size() == 1, "it has several inputs");
    require(configuration.getNetworkOutputs().size() == 1, "it has several outputs");
    NetworkReader reader = new NetworkReader(network, input);
    for (String name : configuration.getTopologicalOrderStr()) {
      if (!configuration.getNetworkInputs().contains(name)) {
        reader.readVertex(name);
      }
    }
    String last = reader.operations.get(reader.operations.size() - 1).name();
    require(
        last.equals(configuration.getNetworkOutputs().get(0)), "its output is not its last layer");
    return reader.operations;
  }

  private static void require(boolean condition, String reason) throws UnsupportedNetworkException {
    if (!condition) {
      throw new UnsupportedNetworkException(reason);
    }
  }

  private static UnsupportedNetworkException unsupported(String name, Object what) {
    return new UnsupportedNetworkException(
        "%s is a %s".formatted(name, what.getClass().getSimpleName()));
  }

  private InputType typeOf(String value) {
    return configuration.getNetworkInputs().contains(value) ? images : types.get(value);
  }

  private long[] extent(String value) throws UnsupportedNetworkException {
    if (typeOf(value) instanceof InputTypeConvolutional image) {
      return new long[] {image.getHeight(), image.getWidth()};
    }
    throw new UnsupportedNetworkException(value + " are not images");
  }

  private void readVertex(String name) throws UnsupportedNetworkException {
    GraphVertex vertex = configuration.getVertices().get(name);
    List<String> inputs = configuration.getVertexInputs().get(name);
    if (vertex instanceof LayerVertex layer) {
      readLayer(name, inputs.get(0), layer);
    } else if (vertex instanceof ElementWiseVertex sum && sum.getOp() == ElementWiseVertex.Op.Add) {
      operations.add(new Sum(name, inputs, Activation.NONE));
    } else {
      throw unsupported(name, vertex);
    }
  }

  private void readLayer(String name, String input, LayerVertex vertex)
      throws UnsupportedNetworkException {
    Layer layer = vertex.getLayerConf().getLayer();
    InputPreProcessor preprocessor = vertex.getPreProcessor();
    boolean flattens = preprocessor == null || preprocessor instanceof CnnToFeedForwardPreProcessor;
    require(flattens, name + " has a preprocessor of its own");
    require(
        layer.getConstraints() == null || layer.getConstraints().isEmpty(),
        name + " has constraints");
    String source = behindDropout(name, input, layer);
    Class<?> kind = layer.getClass(); // exactly: a subclass is another kind of layer
    if (kind == ConvolutionLayer.class) {
      addWithFunction(convolution(name, source, (ConvolutionLayer) layer, input), layer);
    } else if (kind == DenseLayer.class) {
      require(!((DenseLayer) layer).isHasLayerNorm(), name + " has layer normalisation");
      addWithFunction(
          dense(name, source, (FeedForwardLayer) layer, ((DenseLayer) layer).isHasBias()), layer);
    } else if (kind == OutputLayer.class) {
      OutputLayer output = (OutputLayer) layer;
      require(isCrossEntropy(output.getLossFn()), name + " has a loss of its own");
      require(output.getActivationFn() instanceof ActivationSoftmax, name + " is no softmax");
      operations.add(dense(name, source, output, output.hasBias()));
    } else if (kind == BatchNormalization.class) {
      operations.add(normalization(name, source, (BatchNormalization) layer, input));
    } else if (kind == SubsamplingLayer.class) {
      operations.add(pooling(name, source, (SubsamplingLayer) layer, input));
    } else if (kind == GlobalPoolingLayer.class) {
      operations.add(globalPooling(name, source, (GlobalPoolingLayer) layer, input));
    } else if (kind == ActivationLayer.class) {
      operations.add(
          new Function(
              name, List.of(source), function(name, ((ActivationLayer) layer).getActivationFn())));
    } else if (kind == DropoutLayer.class) {
      operations.add(new Function(name, List.of(source), Activation.NONE));
    } else {
      throw unsupported(name, layer);
    }
  }

  /** Deeplearning4j drops a layer's inputs, not its results. */
  private String behindDropout(String name, String input, Layer layer)
      throws UnsupportedNetworkException {
    require(!KeyedDropout.isOtherNoiseOn(layer), name + " has noise other than dropout");
    Optional<KeyedDropout> dropout = KeyedDropout.of(layer);
    if (dropout.isEmpty()) {
      return input;
    }
    String dropped = input + " dropped for " + name;
    operations.add(new DropoutMask(dropped, List.of(input), dropout.get(), operations.size()));
    return dropped;
  }

  /** Adds an operation, and the layer's function behind it. */
  private void addWithFunction(Operation.Activated operation, Layer layer)
      throws UnsupportedNetworkException {
    BaseLayer base = (BaseLayer) layer;
    require(base.getWeightNoise() == null, operation.name() + " has weight noise");
    Activation function = function(operation.name(), base.getActivationFn());
    if (function.isNone()) {
      operations.add(operation);
    } else {
      String inner = operation.name() + " without function";
      operations.add(operation.activated(inner, Activation.NONE));
      operations.add(new Function(operation.name(), List.of(inner), function));
    }
  }

  private static Activation function(String name, IActivation function)
      throws UnsupportedNetworkException {
    return Activation.of(function)
        .orElseThrow(() -> new UnsupportedNetworkException(name + " has the function " + function));
  }

  private Convolution convolution(String name, String source, ConvolutionLayer layer, String input)
      throws UnsupportedNetworkException {
    requireChannelsFirst(name, layer.getCnn2dDataFormat());
    requirePlaneMode(name, layer.getConvolutionMode());
    Window window =
        Window.of(
            extent(input),
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode());
    return new Convolution(
        name,
        List.of(source),
        name,
        window,
        layer.getNIn(),
        layer.getNOut(),
        layer.hasBias(),
        Activation.NONE);
  }

  private static Dense dense(String name, String source, FeedForwardLayer layer, boolean hasBias) {
    return new Dense(
        name, List.of(source), name, layer.getNIn(), layer.getNOut(), hasBias, Activation.NONE);
  }

  private Normalization normalization(
      String name, String source, BatchNormalization layer, String input)
      throws UnsupportedNetworkException {
    extent(input);
    requireChannelsFirst(name, layer.getCnn2DFormat());
    require(!layer.isLockGammaBeta(), name + " has a fixed scale and shift");
    require(!layer.isUseLogStd(), name + " keeps logarithms of variances");
    require(layer.isMinibatch(), name + " has no running statistics");
    require(function(name, layer.getActivationFn()).isNone(), name + " has a function");
    return new Normalization(
        name,
        List.of(source),
        name,
        layer.getNOut(),
        (float) layer.getEps(),
        (float) layer.getDecay(),
        Activation.NONE);
  }

  private Pooling pooling(String name, String source, SubsamplingLayer layer, String input)
      throws UnsupportedNetworkException {
    requireChannelsFirst(name, layer.getCnn2dDataFormat());
    requirePlaneMode(name, layer.getConvolutionMode());
    Window window =
        Window.of(
            extent(input),
            layer.getKernelSize(),
            layer.getStride(),
            layer.getPadding(),
            layer.getDilation(),
            layer.getConvolutionMode());
    require(!window.isDilated(), name + " is a dilated pooling");
    return new Pooling(
        name,
        List.of(source),
        algorithm(name, layer.getPoolingType(), layer.isAvgPoolIncludePadInDivisor()),
        window);
  }

  private Pooling globalPooling(String name, String source, GlobalPoolingLayer layer, String input)
      throws UnsupportedNetworkException {
    require(layer.isCollapseDimensions(), name + " keeps its dimensions");
    int[] dimensions = layer.getPoolingDimensions();
    require(
        dimensions == null || Arrays.equals(dimensions, HEIGHT_AND_WIDTH),
        name + " has dimensions of its own");
    return new Pooling(
        name,
        List.of(source),
        algorithm(name, layer.getPoolingType(), true),
        Window.whole(extent(input)));
  }

  private static int algorithm(String name, PoolingType type, boolean withPadding)
      throws UnsupportedNetworkException {
    return switch (type) {
      case MAX -> dnnl.dnnl_pooling_max;
      case AVG ->
          withPadding
              ? dnnl.dnnl_pooling_avg_include_padding
              : dnnl.dnnl_pooling_avg_exclude_padding;
      default -> throw new UnsupportedNetworkException(name + " pools by " + type);
    };
  }

  private static boolean isCrossEntropy(ILossFunction loss) {
    return loss instanceof LossMCXENT entropy && entropy.getWeights() == null;
  }

  private static void requireChannelsFirst(String name, CNN2DFormat format)
      throws UnsupportedNetworkException {
    require(format == CNN2DFormat.NCHW, name + " has its channels last");
  }

  private static void requirePlaneMode(String name, ConvolutionMode mode)
      throws UnsupportedNetworkException {
    require(mode != ConvolutionMode.Causal, name + " is causal");
  }
}
