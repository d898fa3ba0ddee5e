package dev.convoy.worker.accelerator.helper;

import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingHelper;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Maximum and average pooling on ND4J's native operations, with dense inputs. The stock layer calls
 * the same operations, but with whatever strides its neighbours left behind, which is slow. Behind
 * an accelerated convolution arrays are dense anyway, and this helper changes little.
 */
final class NativePooling implements SubsamplingHelper {
  private static final int CHANNELS_FIRST = 0;

  private final boolean paddingCountsInAverage;

  /**
   * @param paddingCountsInAverage as the layer's configuration says: whether the divisor of an
   *     average counts padded pixels
   */
  NativePooling(boolean paddingCountsInAverage) {
    this.paddingCountsInAverage = paddingCountsInAverage;
  }

  @Override
  public INDArray activate(
      INDArray input,
      boolean training,
      int[] kernel,
      int[] strides,
      int[] pad,
      PoolingType type,
      ConvolutionMode mode,
      int[] dilation,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    if (!handles(type, format, input)) {
      return null;
    }
    int[] size =
        ConvolutionUtils.getOutputSize(
            input,
            kernel,
            strides,
            mode == ConvolutionMode.Same ? null : pad,
            mode,
            dilation,
            format);
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            input.dataType(),
            new long[] {input.size(0), input.size(1), size[0], size[1]},
            'c');
    Nd4j.exec(
        DynamicCustomOp.builder(operation(type))
            .addInputs(Arrays4d.contiguous(input))
            .addOutputs(output)
            .addIntegerArguments(arguments(kernel, strides, pad, dilation, mode, type))
            .build());
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray input,
      INDArray outputGradient,
      int[] kernel,
      int[] strides,
      int[] pad,
      PoolingType type,
      ConvolutionMode mode,
      int[] dilation,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    if (!handles(type, format, input)) {
      return null;
    }
    INDArray inputGradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    Nd4j.exec(
        DynamicCustomOp.builder(operation(type) + "_bp")
            .addInputs(Arrays4d.contiguous(input), Arrays4d.contiguous(outputGradient))
            .addOutputs(inputGradient)
            .addIntegerArguments(arguments(kernel, strides, pad, dilation, mode, type))
            .build());
    return new Pair<>(new DefaultGradient(), inputGradient);
  }

  private static boolean handles(PoolingType type, CNN2DFormat format, INDArray input) {
    return (type == PoolingType.MAX || type == PoolingType.AVG) && Arrays4d.handles(format, input);
  }

  private static String operation(PoolingType type) {
    return type == PoolingType.MAX ? "maxpool2d" : "avgpool2d";
  }

  private int[] arguments(
      int[] kernel,
      int[] strides,
      int[] pad,
      int[] dilation,
      ConvolutionMode mode,
      PoolingType type) {
    return new int[] {
      kernel[0],
      kernel[1],
      strides[0],
      strides[1],
      pad[0],
      pad[1],
      dilation[0],
      dilation[1],
      mode == ConvolutionMode.Same ? 1 : 0,
      type == PoolingType.AVG && paddingCountsInAverage ? 1 : 0,
      CHANNELS_FIRST
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
