package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.ActivationNode;
import dev.convoy.worker.graph.AdaptivePoolingNode;
import dev.convoy.worker.graph.BatchNormalizationNode;
import dev.convoy.worker.graph.ChannelScaleNode;
import dev.convoy.worker.graph.ConcatenationNode;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.DenseNode;
import dev.convoy.worker.graph.DropoutNode;
import dev.convoy.worker.graph.FlatteningNode;
import dev.convoy.worker.graph.FoldedConvolutionNode;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GroupNormalizationNode;
import dev.convoy.worker.graph.GrowingConcatenationNode;
import dev.convoy.worker.graph.LocalResponseNormalizationNode;
import dev.convoy.worker.graph.MaximumNode;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.PoolingNode;
import dev.convoy.worker.graph.PreluNode;
import dev.convoy.worker.graph.SumNode;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which stage computes which kind of node. */
final class Stages {
  /** Adds a node's forward steps to a plan. */
  @FunctionalInterface
  private interface Kind<N extends Node> {
    Stage add(N node, Plan plan, List<Tensor> inputs);
  }

  private static final Map<Class<? extends Node>, Kind<?>> KINDS = new HashMap<>();

  static {
    known(ActivationNode.class, ActivationStage::new);
    known(AdaptivePoolingNode.class, Stages::adaptivePooling);
    known(BatchNormalizationNode.class, BatchNormalizationStage::new);
    known(ChannelScaleNode.class, ChannelScaleStage::new);
    known(ConcatenationNode.class, ConcatenationStage::new);
    known(ConvolutionNode.class, ConvolutionStage::new);
    known(DenseNode.class, DenseStage::new);
    known(DropoutNode.class, DropoutStage::new);
    known(FlatteningNode.class, FlatteningStage::new);
    known(FoldedConvolutionNode.class, FoldedConvolutionStage::new);
    known(GrowingConcatenationNode.class, GrowingConcatenationStage::new);
    known(GroupNormalizationNode.class, GroupNormalizationStage::new);
    known(LocalResponseNormalizationNode.class, LocalResponseNormalizationStage::new);
    known(MaximumNode.class, MaximumStage::new);
    known(PoolingNode.class, PoolingStage::new);
    known(PreluNode.class, PreluStage::new);
    known(SumNode.class, SumStage::new);
  }

  private Stages() {}

  private static <N extends Node> void known(Class<N> type, Kind<N> kind) {
    KINDS.put(type, kind);
  }

  private static Stage adaptivePooling(AdaptivePoolingNode node, Plan plan, List<Tensor> inputs) {
    return node.isMaximum()
        ? new AdaptiveMaximumStage(node, plan, inputs)
        : new AdaptivePoolingStage(node, plan, inputs);
  }

  /**
   * Makes sure that every node can be computed.
   *
   * @throws UnsupportedNetworkException naming the first that cannot
   */
  static void requireKnown(Graph graph) throws UnsupportedNetworkException {
    for (Node node : graph.nodes()) {
      if (!KINDS.containsKey(node.getClass())) {
        throw new UnsupportedNetworkException(
            "oneDNN has no stage for " + node.name() + ", a " + node.getClass().getSimpleName());
      }
    }
  }

  /** Adds the forward steps of a node, which is known. */
  static Stage add(Node node, Plan plan, List<Tensor> inputs) {
    List<Tensor> given =
        inputs.stream()
            .map(input -> takesTallImages(node) ? input : plan.images(input))
            .map(input -> converts(node) ? input : converted(node, plan, input))
            .toList();
    return add(KINDS.get(node.getClass()), node, plan, given);
  }

  /** Whether a node is computed in the plan's precision; else in single precision. */
  private static boolean takesPrecision(Node node, Tensor input) {
    boolean images = input.dimensions().length > 2;
    return node instanceof ActivationNode
        || (node instanceof BatchNormalizationNode && images)
        || node instanceof SumNode
        || node instanceof PoolingNode
        || node instanceof ConcatenationNode
        || node instanceof GrowingConcatenationNode;
  }

  private static Tensor converted(Node node, Plan plan, Tensor input) {
    return takesPrecision(node, input) ? plan.inPrecision(input) : plan.inFloat32(input);
  }

  /** Whether a node itself converts values, while it reorders them. */
  private static boolean converts(Node node) {
    return node instanceof ConvolutionNode
        || node instanceof FoldedConvolutionNode
        || node instanceof DenseNode;
  }

  /** Whether it makes no difference to a node which image of the batch a pixel belongs to. */
  private static boolean takesTallImages(Node node) {
    return node instanceof ActivationNode
        || node instanceof BatchNormalizationNode
        || node instanceof SumNode
        || node instanceof GrowingConcatenationNode
        || (node instanceof ConvolutionNode convolution && convolution.isPointwise())
        || (node instanceof FoldedConvolutionNode folded && folded.convolution().isPointwise());
  }

  @SuppressWarnings("unchecked") // known() pairs each class with a kind of it
  private static <N extends Node> Stage add(
      Kind<N> kind, Node node, Plan plan, List<Tensor> inputs) {
    return kind.add((N) node, plan, inputs);
  }
}
