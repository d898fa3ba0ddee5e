package dev.convoy.worker.model.layer;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j's convolution by weights that are computed from its parameters. */
abstract class DerivedWeightsConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  private static final String WEIGHTS = ConvolutionParamInitializer.WEIGHT_KEY;

  DerivedWeightsConvolution(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** The same with what Deeplearning4j gives a layer when it makes a network. */
  final DerivedWeightsConvolution prepared(
      Collection<TrainingListener> listeners, int index, INDArray parameters, boolean initialize) {
    return DerivedWeights.prepared(this, listeners, index, parameters, initialize);
  }

  /**
   * The weights that are convolved with.
   *
   * @param weights the parameter, with weight noise if there is any
   * @return a new array, axes [filters, channels, height, width], in that order
   */
  protected abstract INDArray derive(INDArray weights);

  /**
   * Leaves the parameters' gradients.
   *
   * @param ofDerived gradient of what {@link #derive} gave
   * @param gradients where those of the parameters go, by name
   */
  protected abstract void backward(INDArray ofDerived, Map<String, INDArray> gradients);

  @Override
  protected INDArray getParamWithNoise(
      String parameter, boolean training, LayerWorkspaceMgr workspaces) {
    INDArray given = super.getParamWithNoise(parameter, training, workspaces);
    return parameter.equals(WEIGHTS) ? derive(given) : given;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray ofResult, LayerWorkspaceMgr workspaces) {
    return DerivedWeights.gradients(
        gradientViews,
        WEIGHTS,
        Nd4j.create(dataType, derive(params.get(WEIGHTS)).shape(), 'c'), // which is overwritten
        () -> super.backpropGradient(ofResult, workspaces),
        ofDerived -> backward(ofDerived, gradientViews));
  }
}
