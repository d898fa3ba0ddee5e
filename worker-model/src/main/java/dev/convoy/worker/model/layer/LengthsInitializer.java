package dev.convoy.worker.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of a layer whose weights have no lengths, and {@link UnitLengths} behind them. */
public final class LengthsInitializer implements ParamInitializer {
  private final ParamInitializer plain;
  private final UnaryOperator<Layer> plainLayer;
  private final UnitLengths lengths;

  /**
   * Of a kind of layers.
   *
   * @param plain of the layer without lengths
   * @param plainLayer gives that layer
   */
  LengthsInitializer(ParamInitializer plain, UnaryOperator<Layer> plainLayer, UnitLengths lengths) {
    this.plain = plain;
    this.plainLayer = plainLayer;
    this.lengths = lengths;
  }

  /** Makes the lengths those of the directions, so that the weights are these. */
  public void beginWithDirections(Map<String, INDArray> parameters) {
    lengths.beginWithDirections(parameters);
  }

  private NeuralNetConfiguration plain(NeuralNetConfiguration configuration) {
    NeuralNetConfiguration without = new NeuralNetConfiguration();
    without.setLayer(plainLayer.apply(configuration.getLayer()));
    return without;
  }

  private static INDArray part(INDArray all, long from, long to) {
    return all.reshape(all.length()).get(NDArrayIndex.interval(from, to));
  }

  private static INDArray lengths(INDArray all, long from) {
    return part(all, from, all.length()).reshape(1, -1);
  }

  @Override
  public long numParams(NeuralNetConfiguration configuration) {
    return numParams(configuration.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return plain.numParams(layer) + ((FeedForwardLayer) layer).getNOut();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    List<String> keys = new ArrayList<>(plain.paramKeys(layer));
    keys.add(UnitLengths.LENGTH);
    return keys;
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return plain.weightKeys(layer);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return plain.biasKeys(layer);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return plain.isWeightParam(layer, key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return plain.isBiasParam(layer, key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration configuration, INDArray parameters, boolean initialize) {
    NeuralNetConfiguration without = plain(configuration);
    long count = plain.numParams(without);
    Map<String, INDArray> all =
        new LinkedHashMap<>(plain.init(without, part(parameters, 0, count), initialize));
    all.put(UnitLengths.LENGTH, lengths(parameters, count));
    if (initialize) {
      lengths.beginWithDirections(all);
    }
    all.keySet().forEach(configuration::addVariable);
    return all;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration configuration, INDArray gradients) {
    NeuralNetConfiguration without = plain(configuration);
    long count = plain.numParams(without);
    Map<String, INDArray> all =
        new LinkedHashMap<>(plain.getGradientsFromFlattened(without, part(gradients, 0, count)));
    all.put(UnitLengths.LENGTH, lengths(gradients, count));
    return all;
  }
}
