package dev.convoy.worker.cuda;

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
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GroupNormalizationNode;
import dev.convoy.worker.graph.LocalResponseNormalizationNode;
import dev.convoy.worker.graph.MaximumNode;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.PoolingNode;
import dev.convoy.worker.graph.PreluNode;
import dev.convoy.worker.graph.SumNode;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import java.util.List;

/** Which stage computes which kind of node. */
final class CudaStages {
  private static final StageKinds<CudaPlan, DeviceTensor> KINDS =
      new StageKinds<CudaPlan, DeviceTensor>("the backend of GPUs")
          .with(ActivationNode.class, CudaActivationStage::new)
          .with(AdaptivePoolingNode.class, CudaPoolingStage::new)
          .with(BatchNormalizationNode.class, CudaBatchNormalizationStage::new)
          .with(ChannelScaleNode.class, CudaChannelScaleStage::new)
          .with(ConcatenationNode.class, CudaConcatenationStage::new)
          .with(ConvolutionNode.class, CudaConvolutionStage::new)
          .with(DenseNode.class, CudaDenseStage::new)
          .with(DropoutNode.class, CudaDropoutStage::new)
          .with(FlatteningNode.class, CudaFlatteningStage::new)
          .with(GroupNormalizationNode.class, CudaGroupNormalizationStage::new)
          .with(LocalResponseNormalizationNode.class, CudaLocalResponseNormalizationStage::new)
          .with(MaximumNode.class, CudaMaximumStage::new)
          .with(PoolingNode.class, CudaPoolingStage::new)
          .with(PreluNode.class, CudaPreluStage::new)
          .with(SumNode.class, CudaSumStage::new);

  private CudaStages() {}

  /**
   * Makes sure that every node can be computed.
   *
   * @throws UnsupportedNetworkException naming the first that cannot
   */
  static void requireKnown(Graph graph) throws UnsupportedNetworkException {
    KINDS.requireKnown(graph);
  }

  /** Adds the forward steps of a node, which is known. */
  static Stage<CudaPlan, DeviceTensor> add(Node node, CudaPlan plan, List<DeviceTensor> inputs) {
    List<DeviceTensor> given =
        inputs.stream().map(input -> plan.inType(input, plan.type())).toList();
    return KINDS.add(node, plan, given);
  }
}
