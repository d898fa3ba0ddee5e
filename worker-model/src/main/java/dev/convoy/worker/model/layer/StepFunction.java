package dev.convoy.worker.model.layer;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * 1 above 0, else 0: the unit of the perceptron (Rosenblatt, "The perceptron", 1958). Its
 * derivative is 0 everywhere, so that no layer in front of it learns from gradients: it wants
 * another rule, or weights that are given.
 */
public final class StepFunction extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray getActivation(INDArray values, boolean training) {
    return values.assign(values.gt(0).castTo(values.dataType()));
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray values, INDArray ofResult) {
    return new Pair<>(values.assign(0), null);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StepFunction;
  }

  @Override
  public int hashCode() {
    return StepFunction.class.getName().hashCode();
  }

  @Override
  public String toString() {
    return "step";
  }
}
