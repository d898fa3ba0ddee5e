package dev.convoy.worker.model.layer;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution whose filters have {@link UnitLengths}. Everything else is as in Deeplearning4j's
 * {@link ConvolutionLayer}.
 */
public final class WeightNormalizedConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  /** The parameter that holds the lengths. */
  public static final String LENGTH = UnitLengths.LENGTH;

  private static final UnitLengths LENGTHS = new UnitLengths(0);

  private static final LengthsInitializer INITIALIZER =
      new LengthsInitializer(
          new ConvolutionParamInitializer(), WeightNormalizedConvolution::plain, LENGTHS);

  /** For Deeplearning4j, which sets the fields when it restores a model. */
  WeightNormalizedConvolution() {}

  private WeightNormalizedConvolution(ConvolutionLayer.Builder builder) {
    super(builder);
    initializeConstraints(builder);
  }

  /** With the kernel, channels, bias and function of a convolution. */
  public static WeightNormalizedConvolution of(ConvolutionLayer plain) {
    WeightNormalizedConvolution layer = new WeightNormalizedConvolution(builder(plain));
    layer.setActivationFn(plain.getActivationFn());
    layer.setWeightInitFn(plain.getWeightInitFn());
    layer.setBiasInit(plain.getBiasInit());
    return layer;
  }

  private static ConvolutionLayer.Builder builder(ConvolutionLayer layer) {
    return new ConvolutionLayer.Builder(layer.getKernelSize())
        .stride(layer.getStride())
        .padding(layer.getPadding())
        .dilation(layer.getDilation())
        .convolutionMode(layer.getConvolutionMode())
        .hasBias(layer.hasBias())
        .nIn(layer.getNIn())
        .nOut(layer.getNOut());
  }

  private static ConvolutionLayer plain(org.deeplearning4j.nn.conf.layers.Layer normalized) {
    ConvolutionLayer all = (ConvolutionLayer) normalized;
    ConvolutionLayer layer = builder(all).build();
    layer.setWeightInitFn(all.getWeightInitFn());
    layer.setBiasInit(all.getBiasInit());
    return layer;
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
    return new Computation(configuration, type).prepared(listeners, index, parameters, initialize);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && other instanceof WeightNormalizedConvolution;
  }

  @Override
  public int hashCode() {
    return super.hashCode() + 1;
  }

  /** As a convolution by weights that are made first. */
  private static final class Computation extends DerivedWeightsConvolution {
    private static final long serialVersionUID = 1L;

    Computation(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    @Override
    protected INDArray derive(INDArray directions) {
      return LENGTHS.weights(params);
    }

    @Override
    protected void backward(INDArray ofDerived, Map<String, INDArray> gradients) {
      LENGTHS.backward(params, ofDerived, gradients);
    }
  }
}
