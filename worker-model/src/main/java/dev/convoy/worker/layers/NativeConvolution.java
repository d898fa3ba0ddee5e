package dev.convoy.worker.layers;

import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.AlgoMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BwdDataAlgo;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BwdFilterAlgo;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.FwdAlgo;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2DDerivative;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A convolution layer on ND4J's {@code conv2d} and {@code conv2d_bp}. Arrays are float or double
 * with axes [batch, channels, height, width]; weights are [outputs, inputs, height, width].
 *
 * <p>The operations of ND4J M2.1 throw for any dilation, so a dilated kernel is spread out first,
 * with zeros in between: for 3 × 3 with dilation 2 that is 5 × 5, 2.8 times the work, and still
 * several times as fast as the stock path.
 *
 * <p>The stock layer computes its output a second time in the backward pass, to have the input of
 * the activation function. For identity and relu the activation's own output serves as well (relu's
 * slope is the same there), and it is still in the activations workspace; so the layer is handed
 * that, and a third of all convolutions is saved.
 */
final class NativeConvolution implements ConvolutionHelper {
  private static final ActivationReLU PLAIN_RELU = new ActivationReLU();
  private static final long CHANNELS_FIRST = 0;
  private static final long WEIGHTS_OUT_IN_HEIGHT_WIDTH = 1;

  private final ConvolutionLayer layer;
  private final boolean hasBias;
  private final boolean signsLast;
  private final OpContext forward = Nd4j.getExecutioner().buildContext();
  private final OpContext backward = Nd4j.getExecutioner().buildContext();

  /**
   * Whether a layer is of the kind that this helper handles. With weight noise, the stock layer
   * forgets to draw new noise when it has a helper.
   */
  static boolean handles(ConvolutionLayer layer) {
    var configuration = layer.layerConf();
    return configuration.getCnn2dDataFormat() == CNN2DFormat.NCHW
        && configuration.getWeightNoise() == null;
  }

  /**
   * @param signsLast whether no layer behind this one may change the sign of its output, in place
   *     and before the backward pass, as additive noise does
   */
  NativeConvolution(ConvolutionLayer layer, boolean signsLast) {
    this.layer = layer;
    this.signsLast = signsLast;
    this.hasBias = layer.hasBias();
  }

  @Override
  public INDArray preOutput(
      INDArray input,
      INDArray weights,
      INDArray bias,
      int[] kernel,
      int[] strides,
      int[] pad,
      AlgoMode mode,
      FwdAlgo forwardAlgorithm,
      ConvolutionMode convolutionMode,
      int[] dilation,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    remember(null);
    if (!handles(format, input, weights)) {
      return null;
    }
    int[] size =
        ConvolutionUtils.getOutputSize(
            input,
            kernel,
            strides,
            convolutionMode == ConvolutionMode.Same ? null : pad,
            convolutionMode,
            dilation,
            format);
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            input.dataType(),
            new long[] {input.size(0), weights.size(0), size[0], size[1]},
            'c');
    INDArray plainWeights = spread(weights, dilation, ArrayType.FF_WORKING_MEM, workspaces);
    forward.purge();
    forward.setIArguments(arguments(plainWeights, strides, pad, convolutionMode));
    forward.setInputArray(0, Arrays4d.contiguous(input));
    forward.setInputArray(1, plainWeights);
    if (hasBias) {
      forward.setInputArray(2, bias);
    }
    forward.setOutputArray(0, output);
    Nd4j.exec(new Conv2D(), forward);
    return output;
  }

  @Override
  public INDArray activate(INDArray z, IActivation activation, boolean training) {
    INDArray output = activation.getActivation(z, training);
    boolean outputServesBackward =
        activation instanceof ActivationIdentity || (signsLast && PLAIN_RELU.equals(activation));
    if (training && outputServesBackward) {
      remember(output);
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray input,
      INDArray weights,
      INDArray bias,
      INDArray delta,
      int[] kernel,
      int[] strides,
      int[] pad,
      INDArray biasGradient,
      INDArray weightGradient,
      IActivation activation,
      AlgoMode mode,
      BwdFilterAlgo filterAlgorithm,
      BwdDataAlgo dataAlgorithm,
      ConvolutionMode convolutionMode,
      int[] dilation,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    remember(null);
    if (!handles(format, input, weights)) {
      return null;
    }
    INDArray inputGradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    INDArray plainWeights = spread(weights, dilation, ArrayType.BP_WORKING_MEM, workspaces);
    INDArray plainWeightGradient =
        plainWeights == weights
            ? weightGradient
            : workspaces.createUninitialized(
                ArrayType.BP_WORKING_MEM, weights.dataType(), plainWeights.shape(), 'c');
    backward.purge();
    backward.setIArguments(arguments(plainWeights, strides, pad, convolutionMode));
    int argument = 0;
    backward.setInputArray(argument++, Arrays4d.contiguous(input));
    backward.setInputArray(argument++, plainWeights);
    if (hasBias) {
      backward.setInputArray(argument++, bias);
    }
    backward.setInputArray(argument, Arrays4d.contiguous(delta));
    backward.setOutputArray(0, inputGradient);
    backward.setOutputArray(1, plainWeightGradient);
    if (hasBias) {
      backward.setOutputArray(2, biasGradient);
    }
    Nd4j.exec(new Conv2DDerivative(), backward);
    if (plainWeightGradient != weightGradient) {
      weightGradient.assign(weightsWithin(plainWeightGradient, dilation));
    }

    Gradient gradient = new DefaultGradient();
    if (hasBias) {
      gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, biasGradient);
    }
    gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weightGradient, 'c');
    return new Pair<>(gradient, inputGradient);
  }

  /** What the layer takes for the activation's input in its next backward pass; null: recompute. */
  private void remember(INDArray activationInput) {
    if (layer.getCacheMode() == CacheMode.NONE) { // otherwise the layer keeps a copy of its own
      layer.setPreOutput(activationInput);
    }
  }

  private static boolean handles(CNN2DFormat format, INDArray input, INDArray weights) {
    DataType type = input.dataType();
    return (type == DataType.FLOAT || type == DataType.DOUBLE)
        && weights.dataType() == type
        && Arrays4d.areImages(format, input, weights);
  }

  /** The weights of the plain convolution that does what a dilated one does. */
  private static INDArray spread(
      INDArray weights, int[] dilation, ArrayType lifetime, LayerWorkspaceMgr workspaces) {
    if (dilation[0] == 1 && dilation[1] == 1) {
      return weights;
    }
    long[] shape = weights.shape().clone();
    shape[2] = (shape[2] - 1) * dilation[0] + 1;
    shape[3] = (shape[3] - 1) * dilation[1] + 1;
    INDArray plain = workspaces.create(lifetime, weights.dataType(), shape, 'c');
    weightsWithin(plain, dilation).assign(weights);
    return plain;
  }

  /** A view of what is not a zero in between. */
  private static INDArray weightsWithin(INDArray plain, int[] dilation) {
    return plain.get(
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        every(dilation[0], plain.size(2)),
        every(dilation[1], plain.size(3)));
  }

  /** ND4J's interval refuses a step beyond the size, even from 0. */
  private static INDArrayIndex every(int step, long size) {
    return size == 1 ? NDArrayIndex.all() : NDArrayIndex.interval(0, step, size);
  }

  private static long[] arguments(
      INDArray weights, int[] strides, int[] pad, ConvolutionMode mode) {
    return new long[] {
      weights.size(2),
      weights.size(3),
      strides[0],
      strides[1],
      pad[0],
      pad[1],
      1, // dilation
      1,
      mode == ConvolutionMode.Same ? 1 : 0,
      CHANNELS_FIRST,
      WEIGHTS_OUT_IN_HEIGHT_WIDTH
    };
  }

  @Override
  public boolean checkSupported() {
    return true;
  }

  @Override
  public Map<String, Long> helperMemoryUse() {
    return Map.of();
  }
}
