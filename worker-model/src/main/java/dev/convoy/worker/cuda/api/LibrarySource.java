package dev.convoy.worker.cuda.api;

import java.util.List;
import java.util.Optional;

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
   * cuBLAS of a CUDA version, in place of another one that was taken before; empty if there is
   * none.
   *
   * @param cudaMajor its major version
   * @throws LibraryException if it is there and lacks something
   */
  default Optional<Blas> blasOf(int cudaMajor) throws LibraryException {
    return Optional.empty();
  }

  /**
   * cuDNN, after cuBLAS, which it needs.
   *
   * @throws LibraryException if it is not there, or lacks something
   */
  Dnn dnn() throws LibraryException;

  /** What is missing without which networks may be computed nevertheless; whole sentences. */
  default List<String> warnings() {
    return List.of();
  }
}
