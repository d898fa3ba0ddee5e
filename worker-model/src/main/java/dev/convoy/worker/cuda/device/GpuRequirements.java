package dev.convoy.worker.cuda.device;

import dev.convoy.data.Text;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.api.LibraryVersion;
import dev.convoy.worker.cuda.api.LibraryVersions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which cards Convoy computes on with which versions of NVIDIA's libraries. Its own kernels are PTX
 * 7.0 for capability 5.0 and later, which the driver compiles; cuBLAS and cuDNN have code for some
 * generations each.
 *
 * <p>Sources: cuDNN support matrix of 8.0.3, 8.9.6, 9.0.0, 9.10.2 and 9.17.0; CUDA Toolkit release
 * notes of 11.8, 12.8 and 13.0; cuda-driver-api for {@code cuGraphInstantiateWithFlags} (11.4).
 */
public final class GpuRequirements {
  private static final ComputeCapability OLDEST = new ComputeCapability(5, 0);
  private static final ComputeCapability NEWEST = new ComputeCapability(12, 1);
  private static final LibraryVersion OLDEST_DRIVER = new LibraryVersion(11, 4, 0);

  /** What the newest libraries have code for: 7.5 and later. */
  private static final ComputeCapability TURING = new ComputeCapability(7, 5);

  private static final LibraryVersion DNN_FROM_TURING = new LibraryVersion(9, 11, 0);
  private static final int CUDA_FROM_TURING = 13;

  private static final String CUDNN = "cuDNN";
  private static final String CUBLAS = "cuBLAS";

  /**
   * The first versions with code for a generation; it runs on all of the same major number.
   *
   * @param major of the compute capability, this and later ones
   */
  private record Generation(int major, LibraryVersion blas, LibraryVersion dnn) {}

  /** From the newest on. */
  private static final List<Generation> GENERATIONS =
      List.of(
          new Generation(12, new LibraryVersion(12, 8, 0), new LibraryVersion(9, 7, 0)),
          new Generation(11, new LibraryVersion(13, 0, 0), new LibraryVersion(9, 12, 0)),
          new Generation(10, new LibraryVersion(12, 8, 0), new LibraryVersion(9, 7, 0)),
          new Generation(9, new LibraryVersion(11, 11, 0), new LibraryVersion(8, 6, 0)),
          new Generation(0, new LibraryVersion(11, 0, 0), new LibraryVersion(8, 0, 0)));

  private GpuRequirements() {}

  /** What a card computes in: TF32 and bfloat16 since Ampere, float32 always. */
  public static Set<Precision> precisions(ComputeCapability capability) {
    return capability.isAtLeast(8, 0)
        ? EnumSet.of(Precision.FLOAT32, Precision.TF32, Precision.BFLOAT16)
        : EnumSet.of(Precision.FLOAT32);
  }

  /** Why no card can be used with a driver; empty if some can. */
  public static Optional<String> problem(LibraryVersion driver) {
    return driver.compareTo(OLDEST_DRIVER) >= 0
        ? Optional.empty()
        : refused(
            "the driver serves CUDA up to %s: expected %s or later. Install a newer driver.",
            driver, OLDEST_DRIVER);
  }

  /** Why no card can be used with libraries that are of different CUDA versions. */
  public static Optional<String> problem(LibraryVersions versions) {
    Optional<String> driver = problem(versions.driver());
    if (driver.isPresent()) {
      return driver;
    }
    if (versions.blas().major() > versions.driver().major()) {
      return newerThanDriver(CUBLAS, versions.blas(), versions.blas(), versions.driver());
    }
    if (versions.dnnCuda().major() > versions.driver().major()) {
      return newerThanDriver(CUDNN, versions.dnn(), versions.dnnCuda(), versions.driver());
    }
    return Optional.empty();
  }

  private static Optional<String> newerThanDriver(
      String library, LibraryVersion version, LibraryVersion cuda, LibraryVersion driver) {
    return refused(
        "%s %s is for CUDA %d, and the driver serves CUDA up to %s. Install a newer driver, or %s"
            + " for CUDA %d.",
        library, version, cuda.major(), driver, library, driver.major());
  }

  /** Why a card cannot be used with some libraries; empty if it can. */
  public static Optional<String> problem(LibraryVersions versions, ComputeCapability capability) {
    if (capability.compareTo(OLDEST) < 0) {
      return refused(
          "its compute capability is %s: expected %s or later, which Convoy's kernels are for."
              + " There is nothing to install.",
          capability, OLDEST);
    }
    if (capability.compareTo(NEWEST) > 0) {
      return refused(
          "its compute capability is %s: expected at most %s, the newest that this version of"
              + " Convoy knows libraries for. Install a newer Convoy.",
          capability, NEWEST);
    }
    Optional<String> all = problem(versions);
    return all.isPresent() ? all : ofGeneration(versions, capability);
  }

  private static Optional<String> ofGeneration(
      LibraryVersions versions, ComputeCapability capability) {
    Generation generation =
        GENERATIONS.stream()
            .filter(known -> capability.major() >= known.major())
            .findFirst()
            .orElseThrow();
    if (versions.blas().compareTo(generation.blas()) < 0) {
      return tooOld(CUBLAS, versions.blas(), generation.blas(), capability);
    }
    if (versions.dnn().compareTo(generation.dnn()) < 0) {
      return tooOld(CUDNN, versions.dnn(), generation.dnn(), capability);
    }
    if (capability.compareTo(TURING) >= 0) {
      return Optional.empty();
    }
    if (versions.blas().major() >= CUDA_FROM_TURING) {
      return tooNew(CUBLAS, versions.blas(), "cuBLAS of CUDA 12", capability);
    }
    if (versions.dnnCuda().major() >= CUDA_FROM_TURING) {
      return tooNew(CUDNN, versions.dnn(), "cuDNN 9.10 for CUDA 12", capability);
    }
    if (versions.dnn().compareTo(DNN_FROM_TURING) >= 0) {
      return tooNew(CUDNN, versions.dnn(), "cuDNN 9.10 or earlier", capability);
    }
    return Optional.empty();
  }

  private static Optional<String> tooOld(
      String library, LibraryVersion found, LibraryVersion wanted, ComputeCapability capability) {
    return refused(
        "%s %s has no code for compute capability %s. Install %s %s or later.",
        library, found, capability, library, wanted);
  }

  private static Optional<String> tooNew(
      String library, LibraryVersion found, String wanted, ComputeCapability capability) {
    return refused(
        "%s %s has no code for compute capability %s any more. Install %s.",
        library, found, capability, wanted);
  }

  private static Optional<String> refused(String pattern, Object... arguments) {
    return Optional.of(Text.of(pattern, arguments));
  }
}
