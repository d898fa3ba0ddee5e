package dev.convoy.worker.layers;

import dev.convoy.data.batch.Targets;
import dev.convoy.worker.model.layer.LossOfImages;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss with a weight for each image. Deeplearning4j has weights for classes only, and multiplies
 * the output layer's input by a mask, so that a mask cannot hold weights.
 */
final class WeightedLoss extends LossOfImages {
  private static final long serialVersionUID = 1L;

  private final ILossFunction loss;
  private final transient INDArray imageWeights;

  private WeightedLoss(ILossFunction loss, INDArray imageWeights) {
    this.loss = loss;
    this.imageWeights = imageWeights;
  }

  /** Does work in which the network's losses are weighted, where not all weights are 1. */
  static void during(ComputationGraph network, Targets targets, int size, Runnable work) {
    if (IntStream.range(0, size).allMatch(image -> targets.weight(image) == 1)) {
      work.run();
      return;
    }
    float[] values = new float[size];
    for (int image = 0; image < size; image++) {
      values[image] = targets.weight(image);
    }
    INDArray weights = Nd4j.create(values, new long[] {size, 1}, 'c');
    Map<BaseOutputLayer, ILossFunction> before = new LinkedHashMap<>();
    for (int output = 0; output < network.getNumOutputArrays(); output++) {
      BaseOutputLayer layer = (BaseOutputLayer) network.getOutputLayer(output).conf().getLayer();
      before.put(layer, layer.getLossFn());
      layer.setLossFn(new WeightedLoss(layer.getLossFn(), weights));
    }
    try {
      work.run();
    } finally {
      before.forEach(BaseOutputLayer::setLossFn);
    }
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    return loss.computeScoreArray(labels, preOutput, activation, mask)
        .muliColumnVector(imageWeights);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    return loss.computeGradient(labels, preOutput, activation, mask).muliColumnVector(imageWeights);
  }

  @Override
  public String name() {
    return "weighted " + loss.name();
  }
}
