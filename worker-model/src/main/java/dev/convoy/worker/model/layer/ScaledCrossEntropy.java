package dev.convoy.worker.model.layer;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Cross-entropy times a constant: the loss of an auxiliary classifier. */
public final class ScaledCrossEntropy extends LossMCXENT {
  private static final long serialVersionUID = 1L;

  private final double factor;

  /**
   * A loss.
   *
   * @param factor positive
   */
  public ScaledCrossEntropy(@JsonProperty("factor") double factor) {
    this.factor = factor;
  }

  /** What the cross-entropy is multiplied by. */
  @JsonProperty("factor")
  public double factor() {
    return factor;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
    return factor * super.computeScore(labels, preOutput, activation, mask, average);
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    return super.computeScoreArray(labels, preOutput, activation, mask).muli(factor);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
    return super.computeGradient(labels, preOutput, activation, mask).muli(factor);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScaledCrossEntropy that && that.factor == factor;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(factor);
  }
}
