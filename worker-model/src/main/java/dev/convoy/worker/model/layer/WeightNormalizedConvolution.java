package dev.convoy.worker.model.layer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A convolution whose filters have a direction, the parameter {@code W}, and a length, {@code
 * gamma} [1, filters]: the weights are gamma W / |W| (Salimans and Kingma, "Weight normalization",
 * 2016). Everything else is as in Deeplearning4j's {@link ConvolutionLayer}.
 */
public final class WeightNormalizedConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  /** The parameter that holds the lengths. */
  public static final String LENGTH = BatchNormalizationParamInitializer.GAMMA;

  private static final String DIRECTION = ConvolutionParamInitializer.WEIGHT_KEY;

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

  /** Makes the lengths those of the directions, so that the weights are these. */
  public static void beginWithDirections(Map<String, INDArray> parameters) {
    INDArray directions = parameters.get(DIRECTION);
    float[] values = directions.dup('c').data().asFloat();
    int row = values.length / Math.toIntExact(directions.size(0));
    for (int filter = 0; filter < directions.size(0); filter++) {
      double squares = 0;
      for (int i = filter * row; i < (filter + 1) * row; i++) {
        squares += (double) values[i] * values[i];
      }
      parameters.get(LENGTH).putScalar(0, filter, Math.sqrt(squares));
    }
  }

  @Override
  public ParamInitializer initializer() {
    return new Initializer();
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

  /** The parameters of a plain convolution, and the lengths behind them. */
  private static final class Initializer extends ConvolutionParamInitializer {
    private static final ConvolutionParamInitializer PLAIN = new ConvolutionParamInitializer();

    private static NeuralNetConfiguration plain(NeuralNetConfiguration configuration) {
      ConvolutionLayer all = (ConvolutionLayer) configuration.getLayer();
      ConvolutionLayer layer = builder(all).build();
      layer.setWeightInitFn(all.getWeightInitFn());
      layer.setBiasInit(all.getBiasInit());
      NeuralNetConfiguration plain = new NeuralNetConfiguration();
      plain.setLayer(layer);
      return plain;
    }

    private static INDArray part(INDArray all, long from, long to) {
      return all.reshape(all.length()).get(NDArrayIndex.interval(from, to));
    }

    @Override
    public long numParams(org.deeplearning4j.nn.conf.layers.Layer layer) {
      return PLAIN.numParams(layer) + ((ConvolutionLayer) layer).getNOut();
    }

    @Override
    public List<String> paramKeys(org.deeplearning4j.nn.conf.layers.Layer layer) {
      List<String> keys = new ArrayList<>(PLAIN.paramKeys(layer));
      keys.add(LENGTH);
      return keys;
    }

    @Override
    public Map<String, INDArray> init(
        NeuralNetConfiguration configuration, INDArray parameters, boolean initialize) {
      NeuralNetConfiguration plain = plain(configuration);
      long count = PLAIN.numParams(plain);
      Map<String, INDArray> all =
          new LinkedHashMap<>(PLAIN.init(plain, part(parameters, 0, count), initialize));
      all.put(LENGTH, part(parameters, count, parameters.length()).reshape(1, -1));
      if (initialize) {
        beginWithDirections(all);
      }
      all.keySet().forEach(configuration::addVariable);
      return all;
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(
        NeuralNetConfiguration configuration, INDArray gradients) {
      NeuralNetConfiguration plain = plain(configuration);
      long count = PLAIN.numParams(plain);
      Map<String, INDArray> all =
          new LinkedHashMap<>(PLAIN.getGradientsFromFlattened(plain, part(gradients, 0, count)));
      all.put(LENGTH, part(gradients, count, gradients.length()).reshape(1, -1));
      return all;
    }
  }

  /** As a convolution by weights that are made first. */
  private static final class Computation extends DerivedWeightsConvolution {
    private static final long serialVersionUID = 1L;

    Computation(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    /** A number for each filter, to be broadcast over its weights. */
    private INDArray perFilter(INDArray numbers) {
      return numbers.reshape(numbers.length(), 1, 1, 1);
    }

    private INDArray norms(INDArray directions) {
      return perFilter(directions.norm2(1, 2, 3));
    }

    @Override
    protected INDArray derive(INDArray directions) {
      return directions.mul(perFilter(params.get(LENGTH))).div(norms(directions)).dup('c');
    }

    @Override
    protected void backward(INDArray ofDerived, Map<String, INDArray> gradients) {
      INDArray directions = params.get(DIRECTION);
      INDArray norms = norms(directions);
      INDArray units = directions.div(norms);
      INDArray along = perFilter(ofDerived.mul(units).sum(1, 2, 3));
      gradients.get(LENGTH).assign(along.reshape(1, -1));
      gradients
          .get(DIRECTION)
          .assign(ofDerived.sub(units.mul(along)).mul(perFilter(params.get(LENGTH))).div(norms));
    }
  }
}
