package dev.convoy.worker.model.layer;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Drops all values of an image, or none: in front of the sum of a residual block, that leaves the
 * block's shortcut alone (Huang, Sun, Liu, Sedra and Weinberger, "Deep networks with stochastic
 * depth", 2016). What is kept is divided by the probability of keeping it, so that expectations
 * stay and nothing is done in inference.
 *
 * <p>Used as {@code new DropoutLayer(new StochasticDepth(0.2))}.
 */
public final class StochasticDepth implements IDropout {
  private static final long serialVersionUID = 1L;

  private final double drop;
  private transient INDArray mask;

  /**
   * Drops with a fixed probability.
   *
   * @param drop the probability, at least 0 and below 1
   */
  public StochasticDepth(@JsonProperty("drop") double drop) {
    if (!(drop >= 0 && drop < 1)) {
      throw new IllegalArgumentException(
          "Cannot drop images: expected a probability of at least 0 and below 1, found "
              + drop
              + ".");
    }
    this.drop = drop;
  }

  /** The probability of dropping an image's values. */
  @JsonProperty("drop")
  public double drop() {
    return drop;
  }

  @Override
  public INDArray applyDropout(
      INDArray input, INDArray output, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
    long[] perImage = new long[input.rank()];
    Arrays.fill(perImage, 1);
    perImage[0] = input.size(0);
    mask = workspaces.createUninitialized(ArrayType.INPUT, output.dataType(), perImage).assign(1.0);
    if (drop > 0) {
      Nd4j.getExecutioner().exec(new DropOutInverted(mask, 1 - drop));
    }
    return output.assign(input.mul(mask));
  }

  @Override
  public INDArray backprop(INDArray ofOutput, INDArray ofInput, int iteration, int epoch) {
    ofInput.assign(ofOutput.mul(mask));
    mask = null;
    return ofInput;
  }

  @Override
  public void clear() {
    mask = null;
  }

  @Override
  public StochasticDepth clone() {
    return new StochasticDepth(drop);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StochasticDepth depth && drop == depth.drop;
  }

  @Override
  public int hashCode() {
    return Objects.hash(drop);
  }
}
