package dev.convoy.worker.cuda.simulation;

import static dev.convoy.worker.cuda.simulation.DnnStatus.BAD_PARAMETER;
import static dev.convoy.worker.cuda.simulation.DnnStatus.NOT_INITIALIZED;
import static dev.convoy.worker.cuda.simulation.DnnStatus.NOT_SUPPORTED;

import dev.convoy.worker.cuda.api.Dnn;

/** cuDNN as its documentation has it. */
final class SimulatedDnn implements Dnn {
  private final MachineState state;
  private final LibraryHandles handles;
  private final ConvolutionCalls convolutions;

  SimulatedDnn(MachineState state) {
    this.state = state;
    handles = new LibraryHandles(state, "cuDNN");
    convolutions = new ConvolutionCalls(state, handles);
  }

  private int status(DnnStatus status) {
    return status.number(state.dnnVersion());
  }

  private int status(boolean good) {
    return good ? SUCCESS : status(BAD_PARAMETER);
  }

  @Override
  public long cudnnGetVersion() {
    return state.dnnVersion();
  }

  @Override
  public int cudnnCreate(long[] handle) {
    return handles.open(handle) ? SUCCESS : status(NOT_INITIALIZED);
  }

  @Override
  public int cudnnDestroy(long handle) {
    return handles.close(handle) ? SUCCESS : status(NOT_INITIALIZED);
  }

  @Override
  public int cudnnSetStream(long handle, long stream) {
    return status(handles.stream(handle, stream));
  }

  @Override
  public int cudnnCreateTensorDescriptor(long[] descriptor) {
    descriptor[0] = state.handles().open(new DnnDescriptor.Tensor());
    return SUCCESS;
  }

  private static TensorShape shape(int order, int type, int n, int c, int h, int w) {
    boolean known = (order == NCHW || order == NHWC) && (type == FLOAT || type == BFLOAT16);
    return known && n > 0 && c > 0 && h > 0 && w > 0
        ? new TensorShape(
            order, type == FLOAT ? FloatFormat.SINGLE : FloatFormat.UPPER_HALF, n, c, h, w)
        : null;
  }

  @Override
  public int cudnnSetTensor4dDescriptor(
      long descriptor, int format, int type, int images, int channels, int height, int width) {
    DnnDescriptor.Tensor tensor = state.handles().find(descriptor, DnnDescriptor.Tensor.class);
    TensorShape shape = shape(format, type, images, channels, height, width);
    if (tensor == null || shape == null) {
      return status(BAD_PARAMETER);
    }
    tensor.shape(shape);
    return SUCCESS;
  }

  @Override
  public int cudnnDestroyTensorDescriptor(long descriptor) {
    return status(state.handles().close(descriptor, DnnDescriptor.Tensor.class) != null);
  }

  @Override
  public int cudnnCreateFilterDescriptor(long[] descriptor) {
    descriptor[0] = state.handles().open(new DnnDescriptor.Filter());
    return SUCCESS;
  }

  @Override
  public int cudnnSetFilter4dDescriptor(
      long descriptor, int type, int format, int filters, int channels, int height, int width) {
    DnnDescriptor.Filter filter = state.handles().find(descriptor, DnnDescriptor.Filter.class);
    TensorShape shape = shape(format, type, filters, channels, height, width);
    if (filter == null || shape == null) {
      return status(BAD_PARAMETER);
    }
    filter.shape(shape);
    return SUCCESS;
  }

  @Override
  public int cudnnDestroyFilterDescriptor(long descriptor) {
    return status(state.handles().close(descriptor, DnnDescriptor.Filter.class) != null);
  }

  @Override
  public int cudnnCreateConvolutionDescriptor(long[] descriptor) {
    descriptor[0] = state.handles().open(new DnnDescriptor.Geometry());
    return SUCCESS;
  }

  @Override
  public int cudnnSetConvolution2dDescriptor(
      long descriptor,
      int padHeight,
      int padWidth,
      int strideHeight,
      int strideWidth,
      int dilationHeight,
      int dilationWidth,
      int mode,
      int computeType) {
    DnnDescriptor.Geometry geometry =
        state.handles().find(descriptor, DnnDescriptor.Geometry.class);
    boolean possible =
        padHeight >= 0
            && padWidth >= 0
            && strideHeight > 0
            && strideWidth > 0
            && dilationHeight > 0
            && dilationWidth > 0;
    if (geometry == null || !possible) {
      return status(BAD_PARAMETER);
    }
    if (mode != CROSS_CORRELATION || computeType != FLOAT) {
      return status(NOT_SUPPORTED);
    }
    geometry.shape(
        new ConvolutionShape(
            new int[] {padHeight, padWidth},
            new int[] {strideHeight, strideWidth},
            new int[] {dilationHeight, dilationWidth},
            1));
    return SUCCESS;
  }

  @Override
  public int cudnnSetConvolutionGroupCount(long descriptor, int groups) {
    DnnDescriptor.Geometry geometry =
        state.handles().find(descriptor, DnnDescriptor.Geometry.class);
    if (geometry == null || geometry.shape() == null || groups < 1) {
      return status(BAD_PARAMETER);
    }
    ConvolutionShape shape = geometry.shape();
    geometry.shape(new ConvolutionShape(shape.padding(), shape.stride(), shape.dilation(), groups));
    return SUCCESS;
  }

  @Override
  public int cudnnSetConvolutionMathType(long descriptor, int math) {
    boolean known = math >= DEFAULT_MATH && math <= FMA_MATH;
    return status(known && state.handles().find(descriptor, DnnDescriptor.Geometry.class) != null);
  }

  @Override
  public int cudnnDestroyConvolutionDescriptor(long descriptor) {
    return status(state.handles().close(descriptor, DnnDescriptor.Geometry.class) != null);
  }

  @Override
  public int cudnnGetConvolutionForwardWorkspaceSize(
      long handle, long x, long w, long convolution, long y, int algorithm, long[] bytes) {
    return convolutions.workspace(
        ConvolutionCalls.Kind.FORWARD, handle, x, w, convolution, y, algorithm, bytes);
  }

  @Override
  public int cudnnGetConvolutionBackwardDataWorkspaceSize(
      long handle, long w, long dy, long convolution, long dx, int algorithm, long[] bytes) {
    return convolutions.workspace(
        ConvolutionCalls.Kind.BACKWARD_DATA, handle, dx, w, convolution, dy, algorithm, bytes);
  }

  @Override
  public int cudnnGetConvolutionBackwardFilterWorkspaceSize(
      long handle, long x, long dy, long convolution, long dw, int algorithm, long[] bytes) {
    return convolutions.workspace(
        ConvolutionCalls.Kind.BACKWARD_FILTER, handle, x, dw, convolution, dy, algorithm, bytes);
  }

  @Override
  public int cudnnConvolutionForward(
      long handle,
      float[] alpha,
      long xDescriptor,
      long x,
      long wDescriptor,
      long w,
      long convolution,
      int algorithm,
      long workspace,
      long workspaceBytes,
      float[] beta,
      long yDescriptor,
      long y) {
    return convolutions.run(
        ConvolutionCalls.Kind.FORWARD,
        handle,
        new long[] {xDescriptor, wDescriptor, convolution, yDescriptor},
        new ConvolutionCalls.Places(x, w, y, workspace, workspaceBytes),
        algorithm,
        alpha[0],
        beta[0]);
  }

  @Override
  public int cudnnConvolutionBackwardData(
      long handle,
      float[] alpha,
      long wDescriptor,
      long w,
      long dyDescriptor,
      long dy,
      long convolution,
      int algorithm,
      long workspace,
      long workspaceBytes,
      float[] beta,
      long dxDescriptor,
      long dx) {
    return convolutions.run(
        ConvolutionCalls.Kind.BACKWARD_DATA,
        handle,
        new long[] {dxDescriptor, wDescriptor, convolution, dyDescriptor},
        new ConvolutionCalls.Places(dx, w, dy, workspace, workspaceBytes),
        algorithm,
        alpha[0],
        beta[0]);
  }

  @Override
  public int cudnnConvolutionBackwardFilter(
      long handle,
      float[] alpha,
      long xDescriptor,
      long x,
      long dyDescriptor,
      long dy,
      long convolution,
      int algorithm,
      long workspace,
      long workspaceBytes,
      float[] beta,
      long dwDescriptor,
      long dw) {
    return convolutions.run(
        ConvolutionCalls.Kind.BACKWARD_FILTER,
        handle,
        new long[] {xDescriptor, dwDescriptor, convolution, dyDescriptor},
        new ConvolutionCalls.Places(x, dw, dy, workspace, workspaceBytes),
        algorithm,
        alpha[0],
        beta[0]);
  }
}
