package dev.convoy.worker.graph;

import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.layer.AdaptivePooling;
import dev.convoy.worker.model.layer.ChannelScale;
import dev.convoy.worker.model.layer.FrozenBatchNormalization;
import dev.convoy.worker.model.layer.GroupNormalization;
import dev.convoy.worker.model.layer.GroupedConvolution;
import dev.convoy.worker.model.layer.OriginalDropout;
import dev.convoy.worker.model.layer.WeightNormalizedConvolution;
import dev.convoy.worker.model.layer.WeightNormalizedDense;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/**
 * Reads a configuration of Deeplearning4j as a graph, up to the values that go into its softmax.
 */
public final class GraphReader {
  /** How one kind of layer or vertex becomes nodes. */
  @FunctionalInterface
  private interface Kind<L> {
    void read(Reading reading, L configuration) throws UnsupportedNetworkException;
  }

  /** By exact class: a subclass is another kind. */
  private static final Map<Class<?>, Kind<?>> KINDS = new HashMap<>();

  static {
    known(ConvolutionLayer.class, ConvolutionNode::read);
    known(DepthwiseConvolution2D.class, ConvolutionNode::read);
    known(SeparableConvolution2D.class, ConvolutionNode::read);
    known(GroupedConvolution.class, ConvolutionNode::read);
    known(WeightNormalizedConvolution.class, ConvolutionNode::read);
    known(DenseLayer.class, DenseNode::read);
    known(WeightNormalizedDense.class, DenseNode::read);
    known(OutputLayer.class, DenseNode::read);
    known(BatchNormalization.class, BatchNormalizationNode::read);
    known(FrozenBatchNormalization.class, BatchNormalizationNode::read);
    known(GroupNormalization.class, GroupNormalizationNode::read);
    known(LocalResponseNormalization.class, LocalResponseNormalizationNode::read);
    known(SubsamplingLayer.class, PoolingNode::read);
    known(GlobalPoolingLayer.class, PoolingNode::read);
    known(AdaptivePooling.class, PoolingNode::read);
    known(ActivationLayer.class, ActivationNode::read);
    known(DropoutLayer.class, ActivationNode::read);
    known(OriginalDropout.class, DropoutNode::read);
    known(PReLULayer.class, PreluNode::read);
    known(ScaleVertex.class, ActivationNode::read);
    known(ElementWiseVertex.class, SumNode::read);
    known(ChannelScale.class, ChannelScaleNode::read);
    known(MergeVertex.class, ConcatenationNode::read);
    known(PreprocessorVertex.class, FlatteningNode::read);
  }

  private GraphReader() {}

  private static <L> void known(Class<L> type, Kind<L> kind) {
    KINDS.put(type, kind);
  }

  /**
   * Reads a network.
   *
   * @param configuration with one input; its first output is its answer, others are auxiliary
   *     classifiers; all are softmax layers with a loss that is known here
   * @param input its images
   * @throws UnsupportedNetworkException if the network holds anything that is not known here
   */
  public static Graph read(ComputationGraphConfiguration configuration, InputShape input)
      throws UnsupportedNetworkException {
    require(configuration.getNetworkInputs().size() == 1, "it has several inputs");
    String images = configuration.getNetworkInputs().get(0);
    Shape image = Shape.image(input.channels(), input.height(), input.width());
    List<Node> nodes = new ArrayList<>();
    Map<String, Shape> shapes = new HashMap<>(Map.of(images, image));
    for (String name : topologicalOrder(configuration)) {
      if (!name.equals(images)) {
        List<String> inputs = configuration.getVertexInputs().get(name);
        read(new Reading(name, inputs, shapes, nodes), configuration.getVertices().get(name));
      }
    }
    return new Graph(images, image, nodes, heads(configuration));
  }

  private static List<Head> heads(ComputationGraphConfiguration configuration)
      throws UnsupportedNetworkException {
    List<Head> heads = new ArrayList<>();
    for (String name : configuration.getNetworkOutputs()) {
      if (configuration.getVertices().get(name) instanceof LayerVertex vertex
          && vertex.getLayerConf().getLayer() instanceof OutputLayer layer) {
        heads.add(Head.of(name, layer));
      } else {
        throw new UnsupportedNetworkException(name + " is an output without a loss");
      }
    }
    return heads;
  }

  /** Deeplearning4j's own order where the network was initialised, else one of the same kind. */
  private static List<String> topologicalOrder(ComputationGraphConfiguration configuration) {
    if (configuration.getTopologicalOrderStr() != null) {
      return configuration.getTopologicalOrderStr();
    }
    Set<String> ordered = new LinkedHashSet<>(configuration.getNetworkInputs());
    int before = -1;
    while (before < ordered.size()) {
      before = ordered.size();
      for (Map.Entry<String, List<String>> vertex : configuration.getVertexInputs().entrySet()) {
        if (ordered.containsAll(vertex.getValue())) {
          ordered.add(vertex.getKey());
        }
      }
    }
    return List.copyOf(ordered);
  }

  private static void read(Reading reading, GraphVertex vertex) throws UnsupportedNetworkException {
    if (vertex instanceof LayerVertex layerVertex) {
      Layer layer = layerVertex.getLayerConf().getLayer();
      InputPreProcessor preprocessor = layerVertex.getPreProcessor();
      reading.require(
          preprocessor == null || preprocessor instanceof CnnToFeedForwardPreProcessor,
          "has a preprocessor of its own");
      reading.require(
          layer.getConstraints() == null || layer.getConstraints().isEmpty(), "has constraints");
      readKind(reading, layer);
    } else {
      readKind(reading, vertex);
    }
  }

  @SuppressWarnings("unchecked") // known() pairs each class with a reader of it
  private static <L> void readKind(Reading reading, L configuration)
      throws UnsupportedNetworkException {
    Kind<L> kind = (Kind<L>) KINDS.get(configuration.getClass());
    reading.require(kind != null, "is a " + configuration.getClass().getSimpleName());
    kind.read(reading, configuration);
  }

  private static void require(boolean condition, String reason) throws UnsupportedNetworkException {
    if (!condition) {
      throw new UnsupportedNetworkException(reason);
    }
  }
}
