package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.ActivationNode;
import dev.convoy.worker.graph.AdaptivePoolingNode;
import dev.convoy.worker.graph.BatchNormalizationNode;
import dev.convoy.worker.graph.ChannelScaleNode;
import dev.convoy.worker.graph.ConcatenationNode;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.DenseNode;
import dev.convoy.worker.graph.DropoutNode;
import dev.convoy.worker.graph.FlatteningNode;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GroupNormalizationNode;
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
final class CudaStages {
  /** Adds a node's forward steps to a plan. */
  @FunctionalInterface
  private interface Kind<N extends Node> {
    CudaStage add(N node, CudaPlan plan, List<DeviceTensor> inputs);
  }

  private static final Map<Class<? extends Node>, Kind<?>> KINDS = new HashMap<>();

  static {
    known(ActivationNode.class, CudaActivationStage::new);
    known(AdaptivePoolingNode.class, CudaPoolingStage::new);
    known(BatchNormalizationNode.class, CudaBatchNormalizationStage::new);
    known(ChannelScaleNode.class, CudaChannelScaleStage::new);
    known(ConcatenationNode.class, CudaConcatenationStage::new);
    known(ConvolutionNode.class, CudaConvolutionStage::new);
    known(DenseNode.class, CudaDenseStage::new);
    known(DropoutNode.class, CudaDropoutStage::new);
    known(FlatteningNode.class, CudaFlatteningStage::new);
    known(GroupNormalizationNode.class, CudaGroupNormalizationStage::new);
    known(LocalResponseNormalizationNode.class, CudaLocalResponseNormalizationStage::new);
    known(MaximumNode.class, CudaMaximumStage::new);
    known(PoolingNode.class, CudaPoolingStage::new);
    known(PreluNode.class, CudaPreluStage::new);
    known(SumNode.class, CudaSumStage::new);
  }

  private CudaStages() {}

  private static <N extends Node> void known(Class<N> type, Kind<N> kind) {
    KINDS.put(type, kind);
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
            "GPUs have no stage for " + node.name() + ", a " + node.getClass().getSimpleName());
      }
    }
  }

  /** Adds the forward steps of a node, which is known. */
  static CudaStage add(Node node, CudaPlan plan, List<DeviceTensor> inputs) {
    List<DeviceTensor> given =
        inputs.stream().map(input -> plan.inType(input, plan.type())).toList();
    return add(KINDS.get(node.getClass()), node, plan, given);
  }

  @SuppressWarnings("unchecked") // known() pairs each class with a kind of it
  private static <N extends Node> CudaStage add(
      Kind<N> kind, Node node, CudaPlan plan, List<DeviceTensor> inputs) {
    return kind.add((N) node, plan, inputs);
  }
}
