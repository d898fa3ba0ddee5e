package dev.convoy.worker.model.layer;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A full connection whose units have {@link UnitLengths}. Everything else is as in Deeplearning4j's
 * {@link DenseLayer}.
 */
public final class WeightNormalizedDense extends DenseLayer {
  private static final long serialVersionUID = 1L;

  /** The parameter that holds the lengths. */
  public static final String LENGTH = UnitLengths.LENGTH;

  private static final String WEIGHTS = DefaultParamInitializer.WEIGHT_KEY;

  private static final UnitLengths LENGTHS = new UnitLengths(1);

  private static final LengthsInitializer INITIALIZER =
      new LengthsInitializer(
          DefaultParamInitializer.getInstance(),
          layer -> copy((DenseLayer) layer, new DenseLayer()),
          LENGTHS);

  /** For Deeplearning4j, which sets the fields when it restores a model. */
  WeightNormalizedDense() {}

  /** With the units, bias, function and dropout of a full connection. */
  public static WeightNormalizedDense of(DenseLayer plain) {
    return copy(plain, new WeightNormalizedDense());
  }

  private static <L extends DenseLayer> L copy(DenseLayer from, L to) {
    to.setNIn(from.getNIn());
    to.setNOut(from.getNOut());
    to.setHasBias(from.hasBias());
    to.setActivationFn(from.getActivationFn());
    to.setWeightInitFn(from.getWeightInitFn());
    to.setBiasInit(from.getBiasInit());
    to.setIDropout(from.getIDropout());
    return to;
  }

  @Override
  public ParamInitializer initializer() {
    return INITIALIZER;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    return DerivedWeights.prepared(
        new Computation(configuration, type), listeners, index, parameters, initialize);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && other instanceof WeightNormalizedDense;
  }

  @Override
  public int hashCode() {
    return super.hashCode() + 1;
  }

  /** As a full connection by weights that are made first. */
  private static final class Computation
      extends org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer {
    private static final long serialVersionUID = 1L;

    Computation(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    @Override
    protected INDArray getParamWithNoise(
        String parameter, boolean training, LayerWorkspaceMgr workspaces) {
      return parameter.equals(WEIGHTS)
          ? LENGTHS.weights(params)
          : super.getParamWithNoise(parameter, training, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray ofResult, LayerWorkspaceMgr workspaces) {
      return DerivedWeights.gradients(
          gradientViews,
          WEIGHTS,
          Nd4j.create(dataType, params.get(WEIGHTS).shape(), 'f'), // which is overwritten
          () -> super.backpropGradient(ofResult, workspaces),
          ofWeights -> LENGTHS.backward(params, ofWeights, gradientViews));
    }
  }
}
