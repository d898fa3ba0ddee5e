package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.api.Dnn;
import dev.convoy.worker.graph.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution of cuDNN for one batch size, with its descriptions. Algorithms are those that give
 * the same bits in every run, chosen without measuring.
 */
final class DnnConvolution implements AutoCloseable {
  /** Bytes of a workspace for which another algorithm is not passed over. */
  private static final long LARGE_WORKSPACE = 1L << 30;

  private static final float[] ONE = {1};
  private static final float[] ZERO = {0};

  private final Device device;
  private final Dnn dnn;

  /** Destroys each of cuDNN's descriptions that was made. */
  private final List<Runnable> descriptions = new ArrayList<>();

  private final long x;
  private final long w;
  private final long y;
  private final long convolution;
  private final Algorithm forward;

  /** Null as long as it is not planned, as the next one. */
  private Algorithm ofData;

  private Algorithm ofFilters;

  /** One of cuDNN's, by its number, and bytes of workspace that it needs. */
  private record Algorithm(int number, long bytes) {}

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

  /** Describes a convolution and chooses how its result is computed. */
  DnnConvolution(Device device, Extents extents, Precision precision) {
    this.device = device;
    this.dnn = device.dnn();
    int type = precision == Precision.BFLOAT16 ? Dnn.BFLOAT16 : Dnn.FLOAT;
    Window window = extents.window();
    try {
      x = tensor(type, extents.images(), extents.channels(), extents.height(), extents.width());
      int height = (int) window.output()[0];
      y = tensor(type, extents.images(), extents.filters(), height, (int) window.output()[1]);
      w = filters(type, extents);
      convolution = description(extents, precision);
      forward = forwardAlgorithm();
    } catch (CudaException e) {
      close();
      throw e;
    }
  }

  private long tensor(int type, int images, int channels, int height, int width) {
    long[] made = new long[1];
    device.check("cudnnCreateTensorDescriptor", dnn.cudnnCreateTensorDescriptor(made));
    descriptions.add(() -> dnn.cudnnDestroyTensorDescriptor(made[0]));
    device.check(
        "cudnnSetTensor4dDescriptor",
        dnn.cudnnSetTensor4dDescriptor(made[0], Dnn.NHWC, type, images, channels, height, width));
    return made[0];
  }

  private long filters(int type, Extents extents) {
    long[] made = new long[1];
    device.check("cudnnCreateFilterDescriptor", dnn.cudnnCreateFilterDescriptor(made));
    descriptions.add(() -> dnn.cudnnDestroyFilterDescriptor(made[0]));
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
    descriptions.add(() -> dnn.cudnnDestroyConvolutionDescriptor(made[0]));
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

  /** Asks for the workspace of an algorithm, as cuDNN's calls do. */
  private interface Question {
    int ask(int algorithm, long[] bytes);
  }

  /**
   * The first algorithm that knows the extents and computes in little memory; if all need much, the
   * one that needs the least.
   *
   * @param algorithms the same in every run, the fastest first
   */
  private Algorithm first(String call, List<Integer> algorithms, Question question) {
    int status = 0;
    Algorithm least = null;
    for (int number : algorithms) {
      long[] bytes = new long[1];
      status = question.ask(number, bytes);
      if (status == Dnn.SUCCESS && bytes[0] <= LARGE_WORKSPACE) {
        return new Algorithm(number, bytes[0]);
      }
      if (status == Dnn.SUCCESS && (least == null || bytes[0] < least.bytes())) {
        least = new Algorithm(number, bytes[0]);
      }
    }
    if (least == null) {
      throw device.failure(call, status);
    }
    return least;
  }

  private Algorithm forwardAlgorithm() {
    return first(
        "cudnnGetConvolutionForwardWorkspaceSize",
        List.of(Dnn.FORWARD_PRECOMPUTED_GEMM, Dnn.FORWARD_GEMM),
        (algorithm, bytes) ->
            dnn.cudnnGetConvolutionForwardWorkspaceSize(
                device.dnnHandle(), x, w, convolution, y, algorithm, bytes));
  }

  /** Chooses how the gradient of the input is computed, before it is. */
  void planInputGradient() {
    ofData =
        first(
            "cudnnGetConvolutionBackwardDataWorkspaceSize",
            List.of(Dnn.DATA_GRADIENT_REPEATABLE),
            (algorithm, bytes) ->
                dnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                    device.dnnHandle(), w, y, convolution, x, algorithm, bytes));
  }

  /** Chooses how the gradient of the weights is computed, before it is. */
  void planWeightsGradient() {
    ofFilters =
        first(
            "cudnnGetConvolutionBackwardFilterWorkspaceSize",
            List.of(Dnn.FILTER_GRADIENT_REPEATABLE),
            (algorithm, bytes) ->
                dnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                    device.dnnHandle(), x, y, convolution, w, algorithm, bytes));
  }

  /** Bytes that the forward pass computes in. */
  long forwardBytes() {
    return forward.bytes();
  }

  /** Bytes that each gradient that is planned is computed in. */
  long backwardBytes() {
    return Math.max(bytes(ofData), bytes(ofFilters));
  }

  private static long bytes(Algorithm planned) {
    return planned == null ? 0 : planned.bytes();
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
            forward.number(),
            workspace.get(),
            forward.bytes(),
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
            ofData.number(),
            workspace.get(),
            ofData.bytes(),
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
            ofFilters.number(),
            workspace.get(),
            ofFilters.bytes(),
            ZERO,
            w,
            ofWeights.get()));
  }

  @Override
  public void close() {
    descriptions.forEach(Runnable::run);
    descriptions.clear();
  }
}
