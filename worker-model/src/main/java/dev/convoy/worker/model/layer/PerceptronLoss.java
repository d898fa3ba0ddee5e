package dev.convoy.worker.model.layer;

import dev.convoy.worker.loss.PerceptronCriterion;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** {@link PerceptronCriterion} as a loss of Deeplearning4j's. */
public final class PerceptronLoss implements ILossFunction {
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
  public double computeScore(
      INDArray labels, INDArray values, IActivation activation, INDArray mask, boolean average) {
    double sum = computeScoreArray(labels, values, activation, mask).sumNumber().doubleValue();
    return average ? sum / labels.size(0) : sum;
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
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray values, IActivation activation, INDArray mask, boolean average) {
    return new Pair<>(
        computeScore(labels, values, activation, mask, average),
        computeGradient(labels, values, activation, mask));
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
