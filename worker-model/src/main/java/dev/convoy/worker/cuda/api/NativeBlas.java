package dev.convoy.worker.cuda.api;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** cuBLAS itself, bound when the object is made. */
final class NativeBlas implements Blas {
  NativeBlas(NativeLibrary library) {
    Native.register(NativeBlas.class, library);
  }

  @Override
  public native int cublasCreate_v2(long[] handle);

  @Override
  public native int cublasDestroy_v2(long handle);

  @Override
  public native int cublasSetStream_v2(long handle, long stream);

  @Override
  public native int cublasSetWorkspace_v2(long handle, long address, long bytes);

  @Override
  public native int cublasGetProperty(int property, int[] value);

  @Override
  public native int cublasGemmEx(
      long handle,
      int transposeA,
      int transposeB,
      int m,
      int n,
      int k,
      float[] alpha,
      long a,
      int typeA,
      int leadingA,
      long b,
      int typeB,
      int leadingB,
      float[] beta,
      long c,
      int typeC,
      int leadingC,
      int compute,
      int algorithm);
}
