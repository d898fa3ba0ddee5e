package dev.convoy.worker.reference;

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
import dev.convoy.worker.graph.GroupNormalizationNode;
import dev.convoy.worker.graph.LocalResponseNormalizationNode;
import dev.convoy.worker.graph.MaximumNode;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.PoolingNode;
import dev.convoy.worker.graph.PreluNode;
import dev.convoy.worker.graph.SumNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Which operation computes which kind of node. */
final class Operations {
  private static final Map<Class<? extends Node>, Function<Node, Operation>> KINDS =
      new HashMap<>();

  static {
    known(ActivationNode.class, ActivationOperation::new);
    known(AdaptivePoolingNode.class, AdaptivePoolingOperation::new);
    known(BatchNormalizationNode.class, BatchNormalizationOperation::new);
    known(ChannelScaleNode.class, ChannelScaleOperation::new);
    known(ConcatenationNode.class, ConcatenationOperation::new);
    known(ConvolutionNode.class, ConvolutionOperation::new);
    known(DenseNode.class, DenseOperation::new);
    known(DropoutNode.class, DropoutOperation::new);
    known(FlatteningNode.class, FlatteningOperation::new);
    known(FoldedConvolutionNode.class, FoldedConvolutionOperation::new);
    known(GroupNormalizationNode.class, GroupNormalizationOperation::new);
    known(LocalResponseNormalizationNode.class, LocalResponseNormalizationOperation::new);
    known(MaximumNode.class, MaximumOperation::new);
    known(PoolingNode.class, PoolingOperation::new);
    known(PreluNode.class, PreluOperation::new);
    known(SumNode.class, SumOperation::new);
  }

  private Operations() {}

  private static <N extends Node> void known(Class<N> type, Function<N, Operation> operation) {
    KINDS.put(type, node -> operation.apply(type.cast(node)));
  }

  static Operation of(Node node) {
    return KINDS.get(node.getClass()).apply(node);
  }
}
