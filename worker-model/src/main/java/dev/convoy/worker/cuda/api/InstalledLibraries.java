package dev.convoy.worker.cuda.api;

import com.sun.jna.NativeLibrary;
import dev.convoy.worker.cuda.api.LibraryFolders.Place;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  private static final String PTX_COMPILER = "libnvidia-ptxjitcompiler.so.1";

  private static final int OLDEST_CUDA = 11;
  private static final int NEWEST_CUDA = 13;

  /** Open for good: what JNA no longer knows of it closes. */
  private static final List<NativeLibrary> OPEN = new ArrayList<>();

  private final LibraryFolders folders;
  private final List<String> warnings = new ArrayList<>();

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
    NativeLibrary driver =
        opened(List.of("libcuda.so.1"))
            .orElseThrow(
                () ->
                    new LibraryException(
                        "NVIDIA's driver library libcuda.so.1 is not in "
                            + folders
                            + ". Install the driver; in a container, start it with the compute"
                            + " capability of NVIDIA's container toolkit."));
    openPtxCompiler(driver);
    return bound(driver, NativeDriver.class, NativeDriver::new, "a driver for CUDA 11.4 or later");
  }

  /**
   * Opens the compiler of kernels that lies beside the driver, which asks for it by its bare name:
   * the loader need not search that folder.
   */
  static void openPtxCompiler(NativeLibrary driver) {
    Path folder = driver.getFile().toPath().getParent(); // null if the loader has found it
    if (folder != null && Files.isRegularFile(folder.resolve(PTX_COMPILER))) {
      openIfPossible(folder.resolve(PTX_COMPILER).toString());
    }
  }

  @Override
  public Blas blas(LibraryVersion newestCuda) throws LibraryException {
    List<String> majors =
        IntStream.rangeClosed(OLDEST_CUDA, Math.min(NEWEST_CUDA, newestCuda.major()))
            .map(major -> OLDEST_CUDA + Math.min(NEWEST_CUDA, newestCuda.major()) - major)
            .mapToObj(Integer::toString)
            .toList();
    Optional<NativeLibrary> library = openedBlas(majors);
    if (library.isEmpty()) {
      throw new LibraryException(
          "cuBLAS is missing: expected libcublas.so and libcublasLt.so of CUDA "
              + String.join(" or ", majors)
              + ", which the driver serves, in "
              + folders
              + ". Install it, or name its folder in "
              + LibraryFolders.VARIABLE
              + ".");
    }
    return bound(library.get());
  }

  /** In each kind of place the newest: what a person names comes before all that is not named. */
  private Optional<NativeLibrary> openedBlas(List<String> majors) throws LibraryException {
    for (Place place : Place.values()) {
      for (String major : majors) {
        if (firstOf(folders.candidates(place, "libcublasLt.so." + major)).isPresent()) {
          Optional<NativeLibrary> library =
              firstOf(folders.candidates(place, "libcublas.so." + major));
          if (library.isPresent()) {
            return library;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Blas bound(NativeLibrary blas) throws LibraryException {
    return bound(blas, NativeBlas.class, NativeBlas::new, "cuBLAS 11 to 13");
  }

  @Override
  public Optional<Blas> blasOf(int cudaMajor) throws LibraryException {
    Optional<NativeLibrary> library = openedBlas(List.of(Integer.toString(cudaMajor)));
    return library.isPresent() ? Optional.of(bound(library.get())) : Optional.empty();
  }

  @Override
  public Dnn dnn() throws LibraryException {
    for (int major : List.of(9, 8)) {
      Optional<NativeLibrary> library = opened(List.of("libcudnn.so." + major));
      if (library.isPresent()) {
        openParts(library.get(), major);
        Dnn dnn = bound(library.get(), NativeDnn.class, NativeDnn::new, "cuDNN 8 or 9");
        openCompiler(LibraryVersion.ofCuda(dnn.cudnnGetCudartVersion()).major());
        return dnn;
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
   * Opens the parts of cuDNN, from its folder where the loader need not search.
   *
   * @throws LibraryException if one is missing that the first call would end the process without
   */
  void openParts(NativeLibrary dnn, int major) throws LibraryException {
    Path folder = dnn.getFile().toPath().getParent(); // null if the loader has found it by its name
    for (String name : DnnParts.needed(major)) {
      boolean isBeside = folder != null && Files.isRegularFile(folder.resolve(name));
      String part = isBeside ? folder.resolve(name).toString() : name;
      try {
        keep(NativeLibrary.getInstance(part));
      } catch (UnsatisfiedLinkError e) {
        throw new LibraryException(
            "Cannot load "
                + part
                + ", which "
                + dnn.getFile()
                + " needs: "
                + problem(part, e.getMessage()).orElse("it is not there")
                + ". Install the whole of cuDNN "
                + major
                + " into one folder.");
      }
    }
    if (folder != null) {
      DnnParts.others(folder, major).forEach(part -> openIfPossible(part.toString()));
    }
  }

  /**
   * Opens NVRTC, which cuDNN asks for by its bare name when it compiles a kernel of its own: on new
   * cards it does that for convolutions.
   *
   * @param cudaMajor what cuDNN was built with
   */
  void openCompiler(int cudaMajor) {
    String name = "libnvrtc.so." + (cudaMajor == OLDEST_CUDA ? "11.2" : cudaMajor);
    for (String candidate : folders.candidates(name)) {
      Path folder = Path.of(candidate).getParent();
      if (folder != null) {
        LibraryFolders.matching(folder, "libnvrtc-builtins.so." + cudaMajor + ".*")
            .forEach(file -> openIfPossible(file.toString()));
      }
      if (openIfPossible(candidate)) {
        return;
      }
    }
    warnings.add(
        "NVRTC is missing: cuDNN compiles kernels with it on new cards. Install "
            + name
            + " and libnvrtc-builtins.so of CUDA "
            + cudaMajor
            + " (with Python: "
            + (cudaMajor >= NEWEST_CUDA ? "nvidia-cuda-nvrtc" : "nvidia-cuda-nvrtc-cu" + cudaMajor)
            + "), or name their folder in "
            + LibraryFolders.VARIABLE
            + ".");
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Whether a file could be opened that others may need. */
  private static boolean openIfPossible(String file) {
    try {
      keep(NativeLibrary.getInstance(file));
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }

  /**
   * The first of some files that can be opened.
   *
   * @throws LibraryException if one is there and cannot be
   */
  Optional<NativeLibrary> opened(List<String> names) throws LibraryException {
    for (String name : names) {
      Optional<NativeLibrary> library = firstOf(folders.candidates(name));
      if (library.isPresent()) {
        return library;
      }
    }
    return Optional.empty();
  }

  private static Optional<NativeLibrary> firstOf(List<String> candidates) throws LibraryException {
    for (String candidate : candidates) {
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
