package dev.convoy.worker.model.layer;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * GELU: x times the probability that a standard normal value is less than x (Hendrycks and Gimpel,
 * "Gaussian error linear units", 2016). Deeplearning4j has an approximation by a sigmoid only.
 */
public final class ExactGelu extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray getActivation(INDArray values, boolean training) {
    return values.muli(probability(values));
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray values, INDArray ofResult) {
    INDArray density =
        Transforms.exp(values.mul(values).muli(-0.5), false).muli(1 / Math.sqrt(2 * Math.PI));
    INDArray slope = probability(values).addi(density.muli(values));
    return new Pair<>(slope.muli(ofResult), null);
  }

  private static INDArray probability(INDArray values) {
    INDArray scaled = values.mul(Math.sqrt(0.5));
    return Nd4j.getExecutioner().exec(new Erf(scaled, scaled)).addi(1).muli(0.5);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExactGelu;
  }

  @Override
  public int hashCode() {
    return ExactGelu.class.getName().hashCode();
  }

  @Override
  public String toString() {
    return "exact gelu";
  }
}
