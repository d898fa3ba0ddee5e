package dev.convoy.worker.cuda.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What libcudnn.so opens by itself when it is called for the first time. Where it does not find a
 * part it ends the process, so that they are opened before.
 */
final class DnnParts {
  /** By the major version: those that Convoy's calls need, in the order of their needs. */
  private static final Map<Integer, List<String>> NEEDED =
      Map.of(
          9,
          List.of(
              "libcudnn_graph.so.9",
              "libcudnn_engines_runtime_compiled.so.9",
              "libcudnn_engines_precompiled.so.9",
              "libcudnn_heuristic.so.9",
              "libcudnn_ops.so.9",
              "libcudnn_cnn.so.9"),
          8,
          List.of(
              "libcudnn_ops_infer.so.8",
              "libcudnn_cnn_infer.so.8",
              "libcudnn_ops_train.so.8",
              "libcudnn_cnn_train.so.8"));

  private DnnParts() {}

  /** Names of the files without which cuDNN cannot be called. */
  static List<String> needed(int major) {
    return NEEDED.get(major);
  }

  /** The other parts in a folder, which differ from version to version. */
  static List<Path> others(Path folder, int major) {
    return LibraryFolders.matching(folder, "libcudnn_*.so." + major).stream()
        .filter(file -> !needed(major).contains(file.getFileName().toString()))
        .toList();
  }
}
