package dev.convoy.worker.cuda.api;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Where files of libraries may lie: folders that a person names, then whatever the system's loader
 * searches ({@code LD_LIBRARY_PATH} and its cache), then where CUDA is usually installed, and where
 * nodes of Kubernetes have the driver without an entry in the loader's cache.
 *
 * @param named by a person, in the environment variable {@link #VARIABLE}, in their order
 */
record LibraryFolders(List<Path> named) {
  /** Folders, separated by colons. */
  static final String VARIABLE = "CONVOY_CUDA_LIBRARIES";

  /** Of CUDA, and of the driver where nodes of Kubernetes mount it and on WSL. */
  static final List<Path> USUAL =
      List.of(
          Path.of("/usr/local/cuda/lib64"),
          Path.of("/opt/cuda/lib64"),
          Path.of("/usr/local/nvidia/lib64"),
          Path.of("/usr/lib/wsl/lib"));

  /** A folder's own parts: a toolkit has lib64; Python's packages have a folder each, or cu13. */
  private static final List<String> PARTS =
      List.of(
          "",
          "lib64",
          "lib",
          "cublas/lib",
          "cudnn/lib",
          "cu13/lib",
          "cuda_nvrtc/lib",
          "nvidia/cublas/lib",
          "nvidia/cudnn/lib",
          "nvidia/cu13/lib",
          "nvidia/cuda_nvrtc/lib");

  /** Kinds of places, in the order in which they are searched. */
  enum Place {
    /** Folders that a person names. */
    NAMED,
    /** Wherever the system's loader searches. */
    OF_LOADER,
    /** Where CUDA is usually installed, and the driver mounted. */
    USUAL
  }

  LibraryFolders {
    named = List.copyOf(named);
  }

  /** As the environment names them; null for none. */
  static LibraryFolders of(String variable) {
    return new LibraryFolders(
        variable == null
            ? List.of()
            : Arrays.stream(variable.split(":", -1))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder.strip()))
                .toList());
  }

  /**
   * What to give to the loader one after the other: absolute paths of files that are there, and the
   * bare name, for which it searches.
   *
   * @param name of a file, with its version
   */
  List<String> candidates(String name) {
    return Arrays.stream(Place.values())
        .flatMap(place -> candidates(place, name).stream())
        .toList();
  }

  /** The same of one kind of place. */
  List<String> candidates(Place place, String name) {
    return switch (place) {
      case NAMED -> named.stream().flatMap(folder -> files(folder, name)).toList();
      case OF_LOADER -> List.of(name);
      case USUAL -> USUAL.stream().flatMap(folder -> files(folder, name)).toList();
    };
  }

  private static Stream<String> files(Path folder, String name) {
    return PARTS.stream()
        .map(part -> folder.resolve(part).resolve(name).toAbsolutePath())
        .filter(Files::isRegularFile)
        .map(Path::toString);
  }

  /** Files of a folder, in the order of their names; none if it cannot be read. */
  static List<Path> matching(Path folder, String glob) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      return StreamSupport.stream(files.spliterator(), false).sorted().toList();
    } catch (IOException e) {
      return List.of(); // whoever needs one of them finds it missing
    }
  }

  /** Where was looked, for a person. */
  @Override
  public String toString() {
    return (named.isEmpty() ? "" : VARIABLE + "=" + String.join(":", texts()) + ", ")
        + "the loader's path (LD_LIBRARY_PATH)";
  }

  private List<String> texts() {
    return named.stream().map(Path::toString).toList();
  }
}
