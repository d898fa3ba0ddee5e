package dev.convoy.worker.cuda.api;

/** Where NVIDIA's libraries come from. Tests put simulations and failures in its place. */
public interface LibrarySource {
  /**
   * Whether this machine has a driver of NVIDIA's. Where it has none nothing else is asked, and
   * nothing is loaded.
   */
  boolean hasDriver();

  /**
   * The driver library, not begun yet.
   *
   * @throws LibraryException if it is not there, or lacks something
   */
  Driver driver() throws LibraryException;

  /**
   * cuBLAS.
   *
   * @param newestCuda the newest CUDA version that the driver serves: libraries of a later major
   *     version are passed over
   * @throws LibraryException if it is not there, or lacks something
   */
  Blas blas(LibraryVersion newestCuda) throws LibraryException;

  /**
   * cuDNN, after cuBLAS, which it needs.
   *
   * @throws LibraryException if it is not there, or lacks something
   */
  Dnn dnn() throws LibraryException;
}
