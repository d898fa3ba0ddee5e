package dev.convoy.worker.cuda.api;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** cuDNN itself, bound when the object is made. */
final class NativeDnn implements Dnn {
  NativeDnn(NativeLibrary library) {
    Native.register(NativeDnn.class, library);
  }

  @Override
  public native long cudnnGetVersion();

  @Override
  public native long cudnnGetCudartVersion();

  @Override
  public native int cudnnCreate(long[] handle);

  @Override
  public native int cudnnDestroy(long handle);

  @Override
  public native int cudnnSetStream(long handle, long stream);

  @Override
  public native int cudnnCreateTensorDescriptor(long[] descriptor);

  @Override
  public native int cudnnSetTensor4dDescriptor(
      long descriptor, int format, int type, int images, int channels, int height, int width);

  @Override
  public native int cudnnDestroyTensorDescriptor(long descriptor);

  @Override
  public native int cudnnCreateFilterDescriptor(long[] descriptor);

  @Override
  public native int cudnnSetFilter4dDescriptor(
      long descriptor, int type, int format, int filters, int channels, int height, int width);

  @Override
  public native int cudnnDestroyFilterDescriptor(long descriptor);

  @Override
  public native int cudnnCreateConvolutionDescriptor(long[] descriptor);

  @Override
  public native int cudnnSetConvolution2dDescriptor(
      long descriptor,
      int padHeight,
      int padWidth,
      int strideHeight,
      int strideWidth,
      int dilationHeight,
      int dilationWidth,
      int mode,
      int computeType);

  @Override
  public native int cudnnSetConvolutionGroupCount(long descriptor, int groups);

  @Override
  public native int cudnnSetConvolutionMathType(long descriptor, int math);

  @Override
  public native int cudnnDestroyConvolutionDescriptor(long descriptor);

  @Override
  public native int cudnnGetConvolutionForwardWorkspaceSize(
      long handle, long x, long w, long convolution, long y, int algorithm, long[] bytes);

  @Override
  public native int cudnnGetConvolutionBackwardDataWorkspaceSize(
      long handle, long w, long dy, long convolution, long dx, int algorithm, long[] bytes);

  @Override
  public native int cudnnGetConvolutionBackwardFilterWorkspaceSize(
      long handle, long x, long dy, long convolution, long dw, int algorithm, long[] bytes);

  @Override
  public native int cudnnConvolutionForward(
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

  @Override
  public native int cudnnConvolutionBackwardData(
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

  @Override
  public native int cudnnConvolutionBackwardFilter(
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
