package dev.convoy.worker.accelerator;

import dev.convoy.worker.natives.NativeLibraries;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Which native libraries ND4J has loaded.
 *
 * @param name of the backend
 * @param kernels what computes convolutions there
 * @param hasNativeKernels whether that is a library made for it
 */
public record NativeBackend(String name, String kernels, boolean hasNativeKernels) {

  /**
   * What this JVM uses; loads ND4J if that has not happened yet.
   *
   * @throws LinkageError if there is no backend for this platform
   */
  public static NativeBackend inUse() {
    NativeLibraries.load();
    String backend = Nd4j.getBackend().getClass().getSimpleName();
    Map<String, String> libraries = Loader.getLoadedLibraries();
    String path = libraries.getOrDefault("nd4jcpu", libraries.getOrDefault("nd4jcuda", ""));
    boolean oneDnn = path.contains("onednn");
    boolean cuDnn = path.contains("cudnn");
    String kernels = oneDnn ? "oneDNN in use" : cuDnn ? "cuDNN in use" : "neither oneDNN nor cuDNN";
    return new NativeBackend(
        backend, kernels + (path.isEmpty() ? "" : " (" + variant(path) + ")"), oneDnn || cuDnn);
  }

  /** The folder that the library came from, which is named after its variant. */
  private static String variant(String path) {
    String[] parts = path.split("/", -1);
    return parts.length < 2 ? path : parts[parts.length - 2];
  }
}
