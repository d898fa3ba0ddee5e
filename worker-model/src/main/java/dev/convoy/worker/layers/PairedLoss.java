package dev.convoy.worker.layers;

import dev.convoy.worker.model.layer.LossOfImages;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss of a batch whose second half are partners of the first: its gradient draws the outputs of
 * partners to each other, its value does not tell how far they are apart.
 */
final class PairedLoss extends LossOfImages {
  private static final long serialVersionUID = 1L;

  private final ILossFunction loss;
  private final double coefficient;
  private final transient INDArray weights;

  /**
   * A loss.
   *
   * @param coefficient of the squared distance between partners
   * @param weights of the pairs, axes [pair, 1]
   */
  PairedLoss(ILossFunction loss, double coefficient, INDArray weights) {
    this.loss = loss;
    this.coefficient = coefficient;
    this.weights = weights;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    return loss.computeScoreArray(labels, preOutput, activation, mask);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    INDArray pull =
        partners(preOutput).sub(images(preOutput)).muli(2 * coefficient).muliColumnVector(weights);
    INDArray gradient = loss.computeGradient(labels, preOutput, activation, mask);
    images(gradient).subi(pull);
    partners(gradient).addi(pull);
    return gradient;
  }

  private static INDArray images(INDArray rows) {
    return rows.get(NDArrayIndex.interval(0, rows.size(0) / 2), NDArrayIndex.all());
  }

  private static INDArray partners(INDArray rows) {
    return rows.get(NDArrayIndex.interval(rows.size(0) / 2, rows.size(0)), NDArrayIndex.all());
  }

  @Override
  public String name() {
    return "paired " + loss.name();
  }
}
