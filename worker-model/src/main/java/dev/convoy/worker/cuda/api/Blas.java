package dev.convoy.worker.cuda.api;

/**
 * The calls of cuBLAS that are used, one for one and under their names. Each returns cuBLAS's
 * status, 0 for success. Handles and device addresses are numbers; what a call returns besides is
 * left in the first element of an array; factors are arrays of one float.
 *
 * <p>Source: cuBLAS library reference.
 */
public interface Blas {
  /** Success. */
  int SUCCESS = 0;

  /** A matrix as it is. */
  int AS_IT_IS = 0;

  /** A matrix whose rows are taken for its columns. */
  int TRANSPOSED = 1;

  /** Single precision. */
  int FLOAT = 0;

  /** The upper half of single precision. */
  int BFLOAT16 = 14;

  /** Products and sums in single precision, as it is defined. */
  int COMPUTE_FLOAT_PEDANTIC = 69;

  /** Products and sums in single precision. */
  int COMPUTE_FLOAT = 68;

  /** Products of single precision rounded to TF32, sums in single precision. */
  int COMPUTE_TF32 = 77;

  /** The library chooses by the problem's extents. */
  int DEFAULT_ALGORITHM = -1;

  /** The version's number before the first point. */
  int MAJOR_VERSION = 0;

  /** The version's number behind the first point. */
  int MINOR_VERSION = 1;

  /** The version's number behind the second point. */
  int PATCH_LEVEL = 2;

  /** Begins on the calling thread's context. */
  int cublasCreate_v2(long[] handle);

  /** Ends. */
  int cublasDestroy_v2(long handle);

  /** Which queue the work of a handle goes to. */
  int cublasSetStream_v2(long handle, long stream);

  /** Memory of the device that the handle may use: with it, results are the same in every run. */
  int cublasSetWorkspace_v2(long handle, long address, long bytes);

  /** A number of the library's version; needs no handle and no device. */
  int cublasGetProperty(int property, int[] value);

  /**
   * C = alpha × A B + beta × C, all in column-major order: A of m × k, B of k × n, C of m × n,
   * where A and B may be given transposed.
   */
  int cublasGemmEx(
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
