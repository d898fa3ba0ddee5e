package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.api.Dnn;
import dev.convoy.worker.graph.Window;

/**
 * A convolution of cuDNN for one batch size, with its descriptions. Algorithms are those that give
 * the same bits in every run, chosen without measuring.
 */
final class Convolution implements AutoCloseable {
  private static final float[] ONE = {1};
  private static final float[] ZERO = {0};

  private final Device device;
  private final Dnn dnn;
  private final long x;
  private final long w;
  private final long y;
  private final long convolution;
  private final long forwardBytes;
  private final long backwardBytes;

  /**
   * Extents of a convolution.
   *
   * @param groups of channels with filters of their own
   * @param filters of all groups
   * @param paddingHeight rows of zeros above, and as many below
   * @param paddingWidth columns of zeros to the left, and as many to the right
   */
  record Extents(
      int images,
      int channels,
      int height,
      int width,
      int groups,
      int filters,
      int paddingHeight,
      int paddingWidth,
      Window window) {}

  /** Describes a convolution. */
  Convolution(Device device, Extents extents, Precision precision, boolean training) {
    this.device = device;
    this.dnn = device.dnn();
    int type = precision == Precision.BFLOAT16 ? Dnn.BFLOAT16 : Dnn.FLOAT;
    Window window = extents.window();
    x = tensor(type, extents.images(), extents.channels(), extents.height(), extents.width());
    y =
        tensor(
            type,
            extents.images(),
            extents.filters(),
            (int) window.output()[0],
            (int) window.output()[1]);
    w = filters(type, extents);
    convolution = description(extents, precision);
    forwardBytes = forwardWorkspace();
    backwardBytes = training ? backwardWorkspace() : 0;
  }

  private long tensor(int type, int images, int channels, int height, int width) {
    long[] made = new long[1];
    device.check("cudnnCreateTensorDescriptor", dnn.cudnnCreateTensorDescriptor(made));
    device.check(
        "cudnnSetTensor4dDescriptor",
        dnn.cudnnSetTensor4dDescriptor(made[0], Dnn.NHWC, type, images, channels, height, width));
    return made[0];
  }

  private long filters(int type, Extents extents) {
    long[] made = new long[1];
    device.check("cudnnCreateFilterDescriptor", dnn.cudnnCreateFilterDescriptor(made));
    device.check(
        "cudnnSetFilter4dDescriptor",
        dnn.cudnnSetFilter4dDescriptor(
            made[0],
            type,
            Dnn.NHWC,
            extents.filters(),
            extents.channels() / extents.groups(),
            (int) extents.window().kernel()[0],
            (int) extents.window().kernel()[1]));
    return made[0];
  }

  private long description(Extents extents, Precision precision) {
    Window window = extents.window();
    long[] made = new long[1];
    device.check("cudnnCreateConvolutionDescriptor", dnn.cudnnCreateConvolutionDescriptor(made));
    device.check(
        "cudnnSetConvolution2dDescriptor",
        dnn.cudnnSetConvolution2dDescriptor(
            made[0],
            extents.paddingHeight(),
            extents.paddingWidth(),
            (int) window.stride()[0],
            (int) window.stride()[1],
            (int) window.dilation()[0],
            (int) window.dilation()[1],
            Dnn.CROSS_CORRELATION,
            Dnn.FLOAT));
    device.check(
        "cudnnSetConvolutionGroupCount",
        dnn.cudnnSetConvolutionGroupCount(made[0], extents.groups()));
    int math =
        switch (precision) {
          case BFLOAT16 -> Dnn.TENSOR_OP_MATH;
          case TF32 -> Dnn.DEFAULT_MATH;
          default -> Dnn.FMA_MATH;
        };
    device.check("cudnnSetConvolutionMathType", dnn.cudnnSetConvolutionMathType(made[0], math));
    return made[0];
  }

  private long forwardWorkspace() {
    long[] bytes = new long[1];
    device.check(
        "cudnnGetConvolutionForwardWorkspaceSize",
        dnn.cudnnGetConvolutionForwardWorkspaceSize(
            device.dnnHandle(), x, w, convolution, y, Dnn.FORWARD_PRECOMPUTED_GEMM, bytes));
    return bytes[0];
  }

  private long backwardWorkspace() {
    long[] ofData = new long[1];
    device.check(
        "cudnnGetConvolutionBackwardDataWorkspaceSize",
        dnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
            device.dnnHandle(), w, y, convolution, x, Dnn.DATA_GRADIENT_REPEATABLE, ofData));
    long[] ofFilters = new long[1];
    device.check(
        "cudnnGetConvolutionBackwardFilterWorkspaceSize",
        dnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
            device.dnnHandle(), x, y, convolution, w, Dnn.FILTER_GRADIENT_REPEATABLE, ofFilters));
    return Math.max(ofData[0], ofFilters[0]);
  }

  /** Bytes that the forward pass computes in. */
  long forwardBytes() {
    return forwardBytes;
  }

  /** Bytes that either gradient is computed in. */
  long backwardBytes() {
    return backwardBytes;
  }

  void forward(Address input, Address weights, Address workspace, Address output) {
    device.check(
        "cudnnConvolutionForward",
        dnn.cudnnConvolutionForward(
            device.dnnHandle(),
            ONE,
            x,
            input.get(),
            w,
            weights.get(),
            convolution,
            Dnn.FORWARD_PRECOMPUTED_GEMM,
            workspace.get(),
            forwardBytes,
            ZERO,
            y,
            output.get()));
  }

  void inputGradient(Address weights, Address gradient, Address workspace, Address ofInput) {
    device.check(
        "cudnnConvolutionBackwardData",
        dnn.cudnnConvolutionBackwardData(
            device.dnnHandle(),
            ONE,
            w,
            weights.get(),
            y,
            gradient.get(),
            convolution,
            Dnn.DATA_GRADIENT_REPEATABLE,
            workspace.get(),
            backwardBytes,
            ZERO,
            x,
            ofInput.get()));
  }

  void weightsGradient(Address input, Address gradient, Address workspace, Address ofWeights) {
    device.check(
        "cudnnConvolutionBackwardFilter",
        dnn.cudnnConvolutionBackwardFilter(
            device.dnnHandle(),
            ONE,
            x,
            input.get(),
            y,
            gradient.get(),
            convolution,
            Dnn.FILTER_GRADIENT_REPEATABLE,
            workspace.get(),
            backwardBytes,
            ZERO,
            w,
            ofWeights.get()));
  }

  @Override
  public void close() {
    dnn.cudnnDestroyTensorDescriptor(x);
    dnn.cudnnDestroyTensorDescriptor(y);
    dnn.cudnnDestroyFilterDescriptor(w);
    dnn.cudnnDestroyConvolutionDescriptor(convolution);
  }
}
