package dev.convoy.worker.model.layer;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer that is written as a graph of ND4J, whose gradient follows from it.
 *
 * <p>Deeplearning4j 1.0.0-M2.1 counts the gradient of such a layer's result twice; here it counts
 * once.
 */
abstract class DifferentiatedLayer extends SameDiffLayer {
  private static final long serialVersionUID = 1L;

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    Computation layer = new Computation(configuration, type);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialize));
    return layer;
  }

  /** Halves the gradient that is counted twice. */
  private static final class Computation
      extends org.deeplearning4j.nn.layers.samediff.SameDiffLayer {
    private static final long serialVersionUID = 1L;

    Computation(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray ofResult, LayerWorkspaceMgr workspaces) {
      return super.backpropGradient(ofResult.mul(0.5), workspaces);
    }
  }
}
