package dev.convoy.worker.layers;

import dev.convoy.worker.model.layer.LossOfImages;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss with a weight for each image. Deeplearning4j has weights for classes only, and multiplies
 * the output layer's input by a mask, so that a mask cannot hold weights.
 */
final class WeightedLoss extends LossOfImages {
  private static final long serialVersionUID = 1L;

  private final ILossFunction loss;
  private final transient INDArray imageWeights;

  /**
   * A loss.
   *
   * @param imageWeights axes [image, 1]
   */
  WeightedLoss(ILossFunction loss, INDArray imageWeights) {
    this.loss = loss;
    this.imageWeights = imageWeights;
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
