package dev.convoy.worker.model.layer;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Dropout in its original form: values are dropped in training, and those that are kept stay as
 * they are; in inference all are multiplied by the probability of keeping them (Srivastava, Hinton,
 * Krizhevsky, Sutskever and Salakhutdinov, "Dropout", 2014). Deeplearning4j has the inverted form
 * only, which divides in training.
 */
public final class OriginalDropout extends NoParamLayer {
  private static final long serialVersionUID = 1L;

  @JsonProperty private double keep;

  /** For Deeplearning4j, which sets the fields when it restores a model. */
  OriginalDropout() {}

  /**
   * Drops with a fixed probability.
   *
   * @param drop the probability, above 0 and below 1
   */
  public OriginalDropout(double drop) {
    if (!(drop > 0 && drop < 1)) {
      throw new IllegalArgumentException(
          "Cannot drop values: expected a probability above 0 and below 1, found " + drop + ".");
    }
    this.keep = 1 - drop;
  }

  /** The probability of keeping a value. */
  public double keep() {
    return keep;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null; // takes everything
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    return new LayerMemoryReport.Builder(
            getLayerName(), OriginalDropout.class, inputType, inputType)
        .standardMemory(0, 0)
        .workingMemory(0, inputType.arrayElementsPerExample(), 0, 0)
        .build();
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    Computation layer = new Computation(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    return layer;
  }

  @Override
  public OriginalDropout clone() {
    return (OriginalDropout) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && other instanceof OriginalDropout dropout && keep == dropout.keep;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), keep);
  }

  /** What Deeplearning4j computes. */
  private static final class Computation extends AbstractLayer<OriginalDropout> {
    private static final long serialVersionUID = 1L;

    private transient INDArray mask;

    Computation(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
      assertInputSet(false);
      if (!training) {
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, input.mul(layerConf().keep));
      }
      mask = Nd4j.ones(input.dataType(), input.shape());
      Nd4j.getExecutioner().exec(new DropOutInverted(mask, layerConf().keep));
      mask.muli(layerConf().keep);
      return workspaces.leverageTo(ArrayType.ACTIVATIONS, input.mul(mask));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray ofResult, LayerWorkspaceMgr workspaces) {
      INDArray ofInput = ofResult.mul(mask == null ? Nd4j.scalar(layerConf().keep) : mask);
      mask = null;
      return new Pair<>(
          new DefaultGradient(), workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, ofInput));
    }

    @Override
    public boolean isPretrainLayer() {
      return false;
    }

    @Override
    public void clearNoiseWeightParams() {
      // has none
    }
  }
}
