package dev.convoy.worker.cuda.api;

/**
 * The versions of libraries that go together, or do not.
 *
 * @param driver the newest CUDA version that the driver serves
 * @param blas of cuBLAS
 * @param dnn of cuDNN
 * @param dnnCuda the CUDA version that cuDNN was built with; 0.0 if that is not known
 */
public record LibraryVersions(
    LibraryVersion driver, LibraryVersion blas, LibraryVersion dnn, LibraryVersion dnnCuda) {
  /** For a person, and for files: the same for equal versions alone. */
  @Override
  public String toString() {
    return "driver for CUDA " + driver + ", cuBLAS " + blas + ", cuDNN " + dnn;
  }
}
