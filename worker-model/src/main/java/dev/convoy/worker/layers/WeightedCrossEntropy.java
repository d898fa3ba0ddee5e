package dev.convoy.worker.layers;

import dev.convoy.data.batch.Targets;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Cross-entropy with a weight for each image. Deeplearning4j has weights for classes only, and
 * multiplies the output layer's input by a mask, so that a mask cannot hold weights.
 */
final class WeightedCrossEntropy extends LossMCXENT {
  private static final long serialVersionUID = 1L;

  private final transient INDArray imageWeights;

  private WeightedCrossEntropy(INDArray imageWeights) {
    this.imageWeights = imageWeights;
  }

  /** Does work in which the network's loss is weighted, where not all weights are 1. */
  static void during(ComputationGraph network, Targets targets, int size, Runnable work) {
    if (IntStream.range(0, size).allMatch(image -> targets.weight(image) == 1)) {
      work.run();
      return;
    }
    float[] values = new float[size];
    for (int image = 0; image < size; image++) {
      values[image] = targets.weight(image);
    }
    BaseOutputLayer output = (BaseOutputLayer) network.getOutputLayer(0).conf().getLayer();
    ILossFunction before = output.getLossFn();
    output.setLossFn(new WeightedCrossEntropy(Nd4j.create(values, new long[] {size, 1}, 'c')));
    try {
      work.run();
    } finally {
      output.setLossFn(before);
    }
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
    double sum =
        computeScoreArray(labels, preOutput, activation, mask)
            .muliColumnVector(imageWeights)
            .sumNumber()
            .doubleValue();
    return average ? sum / labels.size(0) : sum;
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    return super.computeGradient(labels, preOutput, activation, mask)
        .muliColumnVector(imageWeights);
  }
}
