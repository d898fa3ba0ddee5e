package dev.convoy.worker.cuda.api;

import com.sun.jna.NativeLibrary;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The libraries that are installed on this machine, by JNA. Its own library is loaded with the
 * first of them, and not before.
 */
public final class InstalledLibraries implements LibrarySource {
  private static final List<Path> DEVICES =
      List.of(Path.of("/dev/nvidiactl"), Path.of("/proc/driver/nvidia"), Path.of("/dev/dxg"));

  private static final int OLDEST_CUDA = 11;
  private static final int NEWEST_CUDA = 13;

  /** Of cuDNN, by its major version: what it opens by itself, in the order of their needs. */
  private static final Map<Integer, List<String>> PARTS_OF_DNN =
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

  /** Open for good: what JNA no longer knows of it closes. */
  private static final List<NativeLibrary> OPEN = new ArrayList<>();

  private final LibraryFolders folders;

  /** Those of the folders that the environment names, and of the system. */
  public InstalledLibraries() {
    this(LibraryFolders.of(System.getenv(LibraryFolders.VARIABLE)));
  }

  InstalledLibraries(LibraryFolders folders) {
    this.folders = folders;
  }

  @Override
  public boolean hasDriver() {
    return DEVICES.stream().anyMatch(Files::exists);
  }

  @Override
  public Driver driver() throws LibraryException {
    return bound(
        opened(List.of("libcuda.so.1"))
            .orElseThrow(
                () ->
                    new LibraryException(
                        "NVIDIA's driver library libcuda.so.1 is not in "
                            + folders
                            + ". Install the driver; in a container, start it with the compute"
                            + " capability of NVIDIA's container toolkit.")),
        NativeDriver.class,
        NativeDriver::new,
        "a driver for CUDA 11.4 or later");
  }

  @Override
  public Blas blas(LibraryVersion newestCuda) throws LibraryException {
    List<String> majors =
        IntStream.rangeClosed(OLDEST_CUDA, Math.min(NEWEST_CUDA, newestCuda.major()))
            .map(major -> OLDEST_CUDA + Math.min(NEWEST_CUDA, newestCuda.major()) - major)
            .mapToObj(Integer::toString)
            .toList();
    for (String major : majors) {
      if (opened(List.of("libcublasLt.so." + major)).isPresent()) {
        Optional<NativeLibrary> library = opened(List.of("libcublas.so." + major));
        if (library.isPresent()) {
          return bound(library.get(), NativeBlas.class, NativeBlas::new, "cuBLAS 11 to 13");
        }
      }
    }
    throw new LibraryException(
        "cuBLAS is missing: expected libcublas.so and libcublasLt.so of CUDA "
            + String.join(" or ", majors)
            + ", which the driver serves, in "
            + folders
            + ". Install it, or name its folder in "
            + LibraryFolders.VARIABLE
            + ".");
  }

  @Override
  public Dnn dnn() throws LibraryException {
    for (int major : List.of(9, 8)) {
      Optional<NativeLibrary> library = opened(List.of("libcudnn.so." + major));
      if (library.isPresent()) {
        openParts(library.get(), major);
        return bound(library.get(), NativeDnn.class, NativeDnn::new, "cuDNN 8 or 9");
      }
    }
    throw new LibraryException(
        "cuDNN is missing: expected libcudnn.so.9 or libcudnn.so.8 in "
            + folders
            + ". Install it (with Python: nvidia-cudnn-cu12 or nvidia-cudnn-cu13), or name its folder in "
            + LibraryFolders.VARIABLE
            + ".");
  }

  /**
   * From the folder of cuDNN, which the loader need not search. Those that fail it names itself.
   */
  private static void openParts(NativeLibrary dnn, int major) {
    Path folder = dnn.getFile().toPath().getParent();
    if (folder == null) {
      return; // the loader has found it, and finds its parts
    }
    for (String name : PARTS_OF_DNN.get(major)) {
      Path part = folder.resolve(name);
      if (Files.isRegularFile(part)) {
        try {
          keep(NativeLibrary.getInstance(part.toString()));
        } catch (UnsatisfiedLinkError e) {
          return;
        }
      }
    }
  }

  /**
   * The first of some files that can be opened.
   *
   * @throws LibraryException if one is there and cannot be
   */
  Optional<NativeLibrary> opened(List<String> names) throws LibraryException {
    for (String name : names) {
      for (String candidate : folders.candidates(name)) {
        try {
          return Optional.of(keep(NativeLibrary.getInstance(candidate)));
        } catch (UnsatisfiedLinkError e) {
          Optional<String> problem = problem(candidate, e.getMessage());
          if (problem.isPresent()) {
            throw new LibraryException("Cannot load " + candidate + ": " + problem.get() + ".");
          }
        } catch (NoClassDefFoundError e) {
          throw new LibraryException("Cannot load JNA's own library: " + e.getMessage() + ".");
        }
      }
    }
    return Optional.empty();
  }

  private static synchronized NativeLibrary keep(NativeLibrary library) {
    OPEN.add(library);
    return library;
  }

  /**
   * What the loader says; empty if it has not found the file that it was asked for.
   *
   * @param candidate a path, or a name, which then stands in front of a line that says that
   * @param message JNA's, a line for each attempt
   */
  static Optional<String> problem(String candidate, String message) {
    return message
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("Unable to load library"))
        .filter(line -> !line.startsWith("Native library ("))
        .filter(line -> candidate.startsWith("/") || !line.startsWith(candidate + ": "))
        .findFirst();
  }

  /**
   * Binds all functions.
   *
   * @param expected which versions have them, for a person
   * @throws LibraryException if functions are missing, by their names
   */
  static <T> T bound(
      NativeLibrary library, Class<T> type, Function<NativeLibrary, T> binding, String expected)
      throws LibraryException {
    List<String> missing =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> Modifier.isNative(method.getModifiers()))
            .map(Method::getName)
            .filter(name -> !has(library, name))
            .sorted()
            .toList();
    if (!missing.isEmpty()) {
      throw new LibraryException(
          library.getFile()
              + " lacks "
              + String.join(", ", missing)
              + ": expected "
              + expected
              + ".");
    }
    return binding.apply(library);
  }

  private static boolean has(NativeLibrary library, String name) {
    try {
      library.getFunction(name);
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }
}
