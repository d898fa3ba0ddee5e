package dev.convoy.worker.cuda.api;

/**
 * The calls of cuDNN that are used, one for one and under their names: convolutions, in the API
 * that versions 8 and 9 share. Each returns cuDNN's status, 0 for success. Handles and device
 * addresses are numbers; what a call returns besides is left in the first element of an array;
 * factors are arrays of one float.
 *
 * <p>Source: cuDNN API reference.
 */
public interface Dnn {
  /** Success. */
  int SUCCESS = 0;

  /** An order of a tensor's values: image, channel, row, column. */
  int NCHW = 0;

  /** An order of a tensor's values: image, row, column, channel. */
  int NHWC = 1;

  /** Single precision. */
  int FLOAT = 0;

  /** The upper half of single precision. */
  int BFLOAT16 = 9;

  /** Kernels as deep learning applies them, without a flip. */
  int CROSS_CORRELATION = 1;

  /** Arithmetic: single precision may be rounded to TF32 where the device multiplies matrices. */
  int DEFAULT_MATH = 0;

  /** Arithmetic: units that multiply matrices, of the values' own type. */
  int TENSOR_OP_MATH = 1;

  /** Arithmetic: single precision alone. */
  int FMA_MATH = 3;

  /** A forward convolution: implicit matrix product. */
  int FORWARD_GEMM = 0;

  /** A forward convolution: implicit matrix product with indices computed before. */
  int FORWARD_PRECOMPUTED_GEMM = 1;

  /** The gradient by the data that is the same in every run, whatever the extents. */
  int DATA_GRADIENT_REPEATABLE = 1;

  /** The gradient by the filters that is the same in every run, whatever the extents. */
  int FILTER_GRADIENT_REPEATABLE = 1;

  /** The version, 10000 × major + 100 × minor + patch since 9.0, 1000 × major before. */
  long cudnnGetVersion();

  /** The CUDA version that it was built with, 1000 × major + 10 × minor; 0 if that is not known. */
  default long cudnnGetCudartVersion() {
    return 0;
  }

  /** Begins on the calling thread's context. */
  int cudnnCreate(long[] handle);

  /** Ends. */
  int cudnnDestroy(long handle);

  /** Which queue the work of a handle goes to. */
  int cudnnSetStream(long handle, long stream);

  /** An empty description of a tensor. */
  int cudnnCreateTensorDescriptor(long[] descriptor);

  /** Describes a packed tensor. */
  int cudnnSetTensor4dDescriptor(
      long descriptor, int format, int type, int images, int channels, int height, int width);

  /** Gives the description back. */
  int cudnnDestroyTensorDescriptor(long descriptor);

  /** An empty description of filters. */
  int cudnnCreateFilterDescriptor(long[] descriptor);

  /** Describes packed filters: with NHWC, of axes filter, row, column, channel. */
  int cudnnSetFilter4dDescriptor(
      long descriptor, int type, int format, int filters, int channels, int height, int width);

  /** Gives the description back. */
  int cudnnDestroyFilterDescriptor(long descriptor);

  /** An empty description of a convolution. */
  int cudnnCreateConvolutionDescriptor(long[] descriptor);

  /** Describes a convolution, with as much padding at the end of an axis as at its beginning. */
  int cudnnSetConvolution2dDescriptor(
      long descriptor,
      int padHeight,
      int padWidth,
      int strideHeight,
      int strideWidth,
      int dilationHeight,
      int dilationWidth,
      int mode,
      int computeType);

  /** How many groups of channels have filters of their own. */
  int cudnnSetConvolutionGroupCount(long descriptor, int groups);

  /** Which arithmetic may be used. */
  int cudnnSetConvolutionMathType(long descriptor, int math);

  /** Gives the description back. */
  int cudnnDestroyConvolutionDescriptor(long descriptor);

  /** Bytes of workspace that an algorithm needs. */
  int cudnnGetConvolutionForwardWorkspaceSize(
      long handle, long x, long w, long convolution, long y, int algorithm, long[] bytes);

  /** Bytes of workspace that an algorithm needs. */
  int cudnnGetConvolutionBackwardDataWorkspaceSize(
      long handle, long w, long dy, long convolution, long dx, int algorithm, long[] bytes);

  /** Bytes of workspace that an algorithm needs. */
  int cudnnGetConvolutionBackwardFilterWorkspaceSize(
      long handle, long x, long dy, long convolution, long dw, int algorithm, long[] bytes);

  /** y = alpha × convolution of x by w + beta × y. */
  int cudnnConvolutionForward(
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
      long y);

  /** dx = alpha × gradient by x + beta × dx. */
  int cudnnConvolutionBackwardData(
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
      long dx);

  /** dw = alpha × gradient by w + beta × dw. */
  int cudnnConvolutionBackwardFilter(
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
      long dw);
}
