package dev.convoy.worker.model.layer;

import java.util.Arrays;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch normalisation by the running statistics in training, too, as fine-tuning has it of layers
 * that do not learn: γ (x − mean) / √(variance + ε) + β. The statistics stay as they are. Only in
 * networks that are trained: what is saved has Deeplearning4j's own layer.
 */
public final class FrozenBatchNormalization extends BatchNormalization {
  private static final long serialVersionUID = 1L;

  private static final String SCALE = BatchNormalizationParamInitializer.GAMMA;
  private static final String SHIFT = BatchNormalizationParamInitializer.BETA;
  private static final String MEAN = BatchNormalizationParamInitializer.GLOBAL_MEAN;
  private static final String VARIANCE = BatchNormalizationParamInitializer.GLOBAL_VAR;

  /** For Deeplearning4j, which sets the fields when it restores a model. */
  FrozenBatchNormalization() {}

  /** With the channels, parameters and epsilon of another one, which keeps plain variances. */
  public static FrozenBatchNormalization of(BatchNormalization learning) {
    FrozenBatchNormalization layer = new FrozenBatchNormalization();
    layer.setLayerName(learning.getLayerName());
    layer.setActivationFn(learning.getActivationFn());
    layer.setWeightInitFn(learning.getWeightInitFn());
    layer.setIUpdater(learning.getIUpdater());
    layer.setBiasUpdater(learning.getBiasUpdater());
    layer.setGradientNormalization(learning.getGradientNormalization());
    layer.setGradientNormalizationThreshold(learning.getGradientNormalizationThreshold());
    layer.setNIn(learning.getNIn());
    layer.setNOut(learning.getNOut());
    layer.setDecay(learning.getDecay());
    layer.setEps(learning.getEps());
    layer.setMinibatch(learning.isMinibatch());
    layer.setGamma(learning.getGamma());
    layer.setBeta(learning.getBeta());
    layer.setLockGammaBeta(learning.isLockGammaBeta());
    layer.setUseLogStd(learning.isUseLogStd());
    layer.setCnn2DFormat(learning.getCnn2DFormat());
    return layer;
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
  public FrozenBatchNormalization clone() {
    return (FrozenBatchNormalization) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && other instanceof FrozenBatchNormalization;
  }

  @Override
  public int hashCode() {
    return super.hashCode() + 1;
  }

  /** What Deeplearning4j computes. */
  private static final class Computation
      extends org.deeplearning4j.nn.layers.normalization.BatchNormalization {
    private static final long serialVersionUID = 1L;

    Computation(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    /** Axes [1, channels, 1, …], to be broadcast over values. */
    private INDArray perChannel(INDArray values) {
      long[] shape = new long[input.rank()];
      Arrays.fill(shape, 1);
      shape[1] = values.length();
      return values.reshape(shape);
    }

    private INDArray inverseDeviation() {
      return perChannel(Transforms.sqrt(getParam(VARIANCE).add(layerConf().getEps())).rdivi(1.0));
    }

    private INDArray normalised() {
      return input.sub(perChannel(getParam(MEAN))).muli(inverseDeviation());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
      assertInputSet(false);
      INDArray result =
          normalised().muli(perChannel(getParam(SCALE))).addi(perChannel(getParam(SHIFT)));
      return workspaces.leverageTo(ArrayType.ACTIVATIONS, result);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray ofResult, LayerWorkspaceMgr workspaces) {
      int[] others = input.rank() == 2 ? new int[] {0} : new int[] {0, 2, 3};
      gradientViews.get(SCALE).assign(ofResult.mul(normalised()).sum(others).reshape(1, -1));
      gradientViews.get(SHIFT).assign(ofResult.sum(others).reshape(1, -1));
      gradientViews.get(MEAN).assign(0);
      gradientViews.get(VARIANCE).assign(0);
      Gradient gradient = new DefaultGradient();
      gradientViews.forEach(gradient::setGradientFor);
      INDArray ofInput = ofResult.mul(perChannel(getParam(SCALE))).muli(inverseDeviation());
      return new Pair<>(gradient, workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, ofInput));
    }
  }
}
