package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.backend.StageKinds;
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
import java.util.List;

/** Which stage computes which kind of node. */
final class Stages {
  private static final StageKinds<Plan, Tensor> KINDS =
      new StageKinds<Plan, Tensor>("oneDNN")
          .with(ActivationNode.class, ActivationStage::new)
          .with(AdaptivePoolingNode.class, Stages::adaptivePooling)
          .with(BatchNormalizationNode.class, BatchNormalizationStage::new)
          .with(ChannelScaleNode.class, ChannelScaleStage::new)
          .with(ConcatenationNode.class, ConcatenationStage::new)
          .with(ConvolutionNode.class, Stages::convolution)
          .with(DenseNode.class, DenseStage::new)
          .with(DropoutNode.class, DropoutStage::new)
          .with(FlatteningNode.class, FlatteningStage::new)
          .with(FoldedConvolutionNode.class, FoldedConvolutionStage::new)
          .with(GrowingConcatenationNode.class, GrowingConcatenationStage::new)
          .with(GroupNormalizationNode.class, GroupNormalizationStage::new)
          .with(LocalResponseNormalizationNode.class, LocalResponseNormalizationStage::new)
          .with(MaximumNode.class, MaximumStage::new)
          .with(PoolingNode.class, PoolingStage::new)
          .with(PreluNode.class, PreluStage::new)
          .with(SumNode.class, SumStage::new);

  private Stages() {}

  private static Stage<Plan, Tensor> adaptivePooling(
      AdaptivePoolingNode node, Plan plan, List<Tensor> inputs) {
    return node.isMaximum()
        ? new AdaptiveMaximumStage(node, plan, inputs)
        : new AdaptivePoolingStage(node, plan, inputs);
  }

  private static Stage<Plan, Tensor> convolution(
      ConvolutionNode node, Plan plan, List<Tensor> inputs) {
    return TiledConvolution.pays(node, plan)
        ? new TiledConvolutionStage(node, plan, inputs)
        : new ConvolutionStage(node, plan, inputs);
  }

  /**
   * Makes sure that every node can be computed.
   *
   * @throws UnsupportedNetworkException naming the first that cannot
   */
  static void requireKnown(Graph graph) throws UnsupportedNetworkException {
    KINDS.requireKnown(graph);
  }

  /** Adds the forward steps of a node, which is known. */
  static Stage<Plan, Tensor> add(Node node, Plan plan, List<Tensor> inputs) {
    List<Tensor> given =
        inputs.stream()
            .map(input -> inForm(node, plan, input))
            .map(input -> converts(node) ? input : converted(node, plan, input))
            .toList();
    return KINDS.add(node, plan, given);
  }

  private static Tensor inForm(Node node, Plan plan, Tensor input) {
    if (TiledValues.takesEitherForm(node)) {
      return plan.keepsInTiles(node) ? plan.inTiles(input) : plan.outOfTiles(input);
    }
    if (TiledValues.isOfTiles(node, plan)) {
      return plan.isInTiles(input) ? input : plan.images(input);
    }
    return takesTallImages(node) ? plan.outOfTiles(input) : plan.images(input);
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
    return TiledValues.takesEitherForm(node)
        || node instanceof GrowingConcatenationNode
        || (node instanceof ConvolutionNode convolution && convolution.isPointwise())
        || (node instanceof FoldedConvolutionNode folded && folded.convolution().isPointwise());
  }
}
