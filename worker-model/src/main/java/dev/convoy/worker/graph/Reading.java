package dev.convoy.worker.graph;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.nd4j.linalg.activations.IActivation;

/**
 * One vertex of a network that is being read: what stands before it, and where its nodes go.
 *
 * @param name of the vertex, and of its result
 * @param inputs names of its arguments
 * @param shapes extents of the values that have been read so far, by name
 * @param nodes those that have been read so far; the vertex' own are added
 */
record Reading(String name, List<String> inputs, Map<String, Shape> shapes, List<Node> nodes) {

  /** Adds a node and its result's extent. */
  void add(Node node) {
    shapes.put(node.name(), node.result(node.inputs().stream().map(shapes::get).toList()));
    nodes.add(node);
  }

  /** Adds a node, and the layer's function behind it. */
  void addWithFunction(Node.Activated node, BaseLayer layer) throws UnsupportedNetworkException {
    Activation function = function(layer.getActivationFn());
    if (function.isNone()) {
      add(node);
    } else {
      String inner = inner(node.name());
      add(node.activated(inner, Activation.NONE));
      add(new ActivationNode(node.name(), List.of(inner), function));
    }
  }

  /** What a layer's weights are made of. */
  Weighting weighting(BaseLayer layer) throws UnsupportedNetworkException {
    IWeightNoise noise = layer.getWeightNoise();
    if (noise == null) {
      return Weighting.PLAIN;
    }
    boolean known =
        noise instanceof DropConnect connect
            && connect.getWeightRetainProbSchedule() == null
            && !connect.isApplyToBiases();
    require(known, "has weight noise other than DropConnect of its weights");
    double keep = ((DropConnect) noise).getWeightRetainProb();
    return keep == 1
        ? Weighting.PLAIN
        : new Weighting.Dropped(new KeyedDropout(keep), nodes.size());
  }

  /** What a layer is called without its function. */
  static String inner(String layer) {
    return layer + " without function";
  }

  /** The extent of the first argument. */
  Shape shape() {
    return shapes.get(inputs.get(0));
  }

  /**
   * The name of the first argument as the layer sees it: Deeplearning4j drops a layer's inputs, not
   * its results.
   */
  String behindDropout(Layer layer) throws UnsupportedNetworkException {
    require(!KeyedDropout.isOtherNoiseOn(layer), "has noise other than dropout");
    String input = inputs.get(0);
    Optional<KeyedDropout> dropout = KeyedDropout.of(layer);
    if (dropout.isEmpty()) {
      return input;
    }
    String dropped = input + " dropped for " + name;
    add(new DropoutNode(dropped, List.of(input), dropout.get(), nodes.size()));
    return dropped;
  }

  /** How a kernel moves over the first argument. */
  Window window(int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode)
      throws UnsupportedNetworkException {
    requireImages();
    require(mode != ConvolutionMode.Causal, "is causal");
    return Window.of(shape().plane(), kernel, stride, padding, dilation, mode);
  }

  Activation function(IActivation function) throws UnsupportedNetworkException {
    return Activation.of(function).orElseThrow(() -> unsupported("has the function " + function));
  }

  void requireImages() throws UnsupportedNetworkException {
    if (shape().isVector()) {
      throw new UnsupportedNetworkException(inputs.get(0) + " are not images");
    }
  }

  void requireChannelsFirst(CNN2DFormat format) throws UnsupportedNetworkException {
    require(format == CNN2DFormat.NCHW, "has its channels last");
  }

  void require(boolean condition, String otherwise) throws UnsupportedNetworkException {
    if (!condition) {
      throw unsupported(otherwise);
    }
  }

  UnsupportedNetworkException unsupported(String reason) {
    return new UnsupportedNetworkException(name + " " + reason);
  }
}
