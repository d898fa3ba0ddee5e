package dev.convoy.worker.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An activation layer with relu, on two of ND4J's vectorised operations: its own for the gradient
 * takes some twenty times as long. Arrays of any shape and any floating-point type.
 */
final class NativeRelu extends ActivationLayer {
  private static final long serialVersionUID = 1;

  private static final ActivationReLU PLAIN_RELU = new ActivationReLU();

  NativeRelu(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** Whether a layer's function is relu, without a maximum, a threshold or a negative slope. */
  static boolean handles(ActivationLayer layer) {
    return PLAIN_RELU.equals(layer.layerConf().getActivationFn());
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    applyDropOutIfNecessary(training, workspaces);
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, input.dataType(), input.shape(), input.ordering());
    Nd4j.getExecutioner().exec(new RectifiedLinear(input, output));
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray outputGradient, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    INDArray inputGradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), input.ordering());
    Nd4j.getExecutioner().exec(new Step(input, inputGradient)); // 1 where it is positive, else 0
    inputGradient.muli(outputGradient);
    return new Pair<>(new DefaultGradient(), backpropDropOutIfPresent(inputGradient));
  }
}
