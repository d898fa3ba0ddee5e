package dev.convoy.worker.model.layer;

import dev.convoy.worker.loss.PerceptronCriterion;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link PerceptronCriterion} as a loss of Deeplearning4j's. */
public final class PerceptronLoss extends LossOfImages {
  private static final long serialVersionUID = 1L;

  /** Axes [image, class]: the step function of the values less the targets. */
  private static INDArray difference(INDArray labels, INDArray values) {
    INDArray difference = labels.neg();
    INDArray answers = values.argMax(1);
    for (int image = 0; image < values.size(0); image++) {
      long answer = answers.getLong(image);
      difference.putScalar(image, answer, difference.getDouble(image, answer) + 1);
    }
    return difference;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray values, IActivation activation, INDArray mask) {
    return difference(labels.castTo(values.dataType()), values).muli(values).sum(true, 1);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray values, IActivation activation, INDArray mask) {
    return difference(labels.castTo(values.dataType()), values);
  }

  @Override
  public String name() {
    return "perceptron";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PerceptronLoss;
  }

  @Override
  public int hashCode() {
    return getClass().hashCode();
  }
}
