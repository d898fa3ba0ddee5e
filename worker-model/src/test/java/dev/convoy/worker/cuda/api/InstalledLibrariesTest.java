package dev.convoy.worker.cuda.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class InstalledLibrariesTest {
  private static final String NOWHERE = "libconvoy-has-no-such.so.1";

  @TempDir private Path directory;

  private InstalledLibraries libraries() {
    return new InstalledLibraries(LibraryFolders.of(directory.toString()));
  }

  @Test
  void aLibraryThatIsNowhereIsAbsent() throws LibraryException {
    assertThat(libraries().opened(List.of(NOWHERE))).isEmpty();
    assertThat(libraries().opened(List.of(NOWHERE, "libc.so.6"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "lib64",
        "lib",
        "cublas/lib",
        "cudnn/lib",
        "cu13/lib",
        "nvidia/cublas/lib",
        "nvidia/cudnn/lib",
        "nvidia/cu13/lib"
      })
  void aFileThatIsNoLibraryIsToldWithItsPath(String part) throws IOException {
    Path file = Files.createDirectories(directory.resolve(part)).resolve(NOWHERE);
    Files.writeString(file, "no library");
    assertThatThrownBy(() -> libraries().opened(List.of(NOWHERE)))
        .isInstanceOf(LibraryException.class)
        .hasMessageStartingWith("Cannot load " + file + ": ");
  }

  @Test
  void aFolderThatIsNamedComesBeforeTheLoadersPath() throws IOException {
    Path first = Files.createDirectories(directory.resolve("first"));
    Path second = Files.createDirectories(directory.resolve("second/lib64"));
    Files.createFile(first.resolve(NOWHERE));
    Files.createFile(second.resolve(NOWHERE));
    LibraryFolders folders = LibraryFolders.of(first + ":: " + directory.resolve("second") + ":");
    assertThat(folders.candidates(NOWHERE))
        .containsExactly(
            first.resolve(NOWHERE).toString(), second.resolve(NOWHERE).toString(), NOWHERE);
    assertThat(LibraryFolders.of(null).candidates(NOWHERE)).containsExactly(NOWHERE);
  }

  /** What the loader says names another file than the one that was asked for. */
  @Test
  void aLibraryThatNeedsAnotherIsNotAbsent() {
    String message =
        "Unable to load library 'libcudnn.so.8':\n"
            + "libz.so.9: cannot open shared object file: No such file or directory\n"
            + "Native library (linux-x86-64/libcudnn.so.8) not found in resource path (x)";
    assertThat(InstalledLibraries.problem("libcudnn.so.8", message))
        .contains("libz.so.9: cannot open shared object file: No such file or directory");
    assertThat(InstalledLibraries.problem("libz.so.9", message)).isEmpty();
  }

  @Test
  void whatIsMissingIsSaidWithWhereItWasSoughtAndWhatToDo() {
    InstalledLibraries none = new InstalledLibraries(LibraryFolders.of(null));
    assertThatThrownBy(() -> none.blas(new LibraryVersion(10, 2, 0)))
        .isInstanceOf(LibraryException.class)
        .hasMessageContaining("cuBLAS is missing")
        .hasMessageContaining("LD_LIBRARY_PATH")
        .hasMessageEndingWith("or name its folder in CONVOY_CUDA_LIBRARIES.");
  }

  /** Any library that can be opened, under another name. */
  private static Path library(Path folder, String name) throws IOException {
    Path any = Path.of(System.getProperty("java.home"), "lib", "libprefs.so");
    return Files.copy(any, Files.createDirectories(folder).resolve(name));
  }

  private static void parts(Path folder) throws IOException {
    for (String name : DnnParts.needed(9)) {
      library(folder, name);
    }
  }

  private NativeLibrary dnn() throws IOException {
    return NativeLibrary.getInstance(library(directory, "libcudnn.so.9").toString());
  }

  @Test
  void aPartOfCudnnThatCannotBeOpenedIsToldBeforeItsFirstCall() throws Exception {
    NativeLibrary dnn = dnn();
    parts(directory);
    Path part = directory.resolve("libcudnn_ops.so.9");
    Files.writeString(part, "no library");
    assertThatThrownBy(() -> libraries().openParts(dnn, 9))
        .isInstanceOf(LibraryException.class)
        .hasMessageStartingWith("Cannot load " + part + ", which " + dnn.getFile() + " needs: ")
        .hasMessageContaining("file too short")
        .hasMessageEndingWith("Install the whole of cuDNN 9 into one folder.");
  }

  @Test
  void aPartOfCudnnThatIsNowhereIsTold() throws Exception {
    NativeLibrary dnn = dnn();
    assertThatThrownBy(() -> libraries().openParts(dnn, 8))
        .isInstanceOf(LibraryException.class)
        .hasMessageStartingWith("Cannot load libcudnn_ops_infer.so.8, which ")
        .hasMessageContaining("it is not there");
  }

  @Test
  void otherPartsOfCudnnAreOpenedToo() throws Exception {
    NativeLibrary dnn = dnn();
    parts(directory);
    Path tensors = library(directory, "libcudnn_engines_tensor_ir.so.9");
    Files.writeString(directory.resolve("libcudnn_ext.so.9"), "no library");
    assertThat(DnnParts.others(directory, 9)).hasSize(2).contains(tensors);
    libraries().openParts(dnn, 9);
    assertThat(Files.readString(Path.of("/proc/self/maps"))).contains(tensors.toString());
  }

  @Test
  void theDriverIsSoughtWhereNodesOfKubernetesMountIt() {
    assertThat(LibraryFolders.USUAL).contains(Path.of("/usr/local/nvidia/lib64"));
  }

  @Test
  void theDriversCompilerIsOpenedFromItsFolder() throws Exception {
    NativeLibrary driver = NativeLibrary.getInstance(library(directory, "libcuda.so.1").toString());
    InstalledLibraries.openPtxCompiler(driver);
    Path compiler = library(directory, "libnvidia-ptxjitcompiler.so.1");
    assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(compiler.toString());
    InstalledLibraries.openPtxCompiler(driver);
    assertThat(Files.readString(Path.of("/proc/self/maps"))).contains(compiler.toString());
  }

  @Test
  void aMissingCompilerOfKernelsIsAWarning() throws Exception {
    InstalledLibraries libraries = libraries();
    libraries.openCompiler(12);
    assertThat(libraries.warnings())
        .singleElement()
        .asString()
        .contains("NVRTC is missing", "libnvrtc.so.12", "CUDA 12", "CONVOY_CUDA_LIBRARIES");
    Path folder = directory.resolve("nvidia/cuda_nvrtc/lib");
    library(folder, "libnvrtc.so.13");
    Path builtins = library(folder, "libnvrtc-builtins.so.13.0");
    InstalledLibraries complete = libraries();
    complete.openCompiler(13);
    assertThat(complete.warnings()).isEmpty();
    assertThat(Files.readString(Path.of("/proc/self/maps"))).contains(builtins.toString());
  }

  @Test
  void cublasOfAFolderThatIsNamedComesBeforeANewerOneOfTheLoader() throws Exception {
    Path loaders = directory.resolve("loaders");
    for (String name : List.of("libcublas", "libcublasLt")) {
      library(loaders, name + ".so.13");
      library(directory, name + ".so.12");
    }
    String before = System.setProperty("jna.library.path", loaders.toString());
    try {
      assertThatThrownBy(() -> libraries().blas(new LibraryVersion(13, 0, 0)))
          .isInstanceOf(LibraryException.class)
          .hasMessageStartingWith(directory.resolve("libcublas.so.12") + " lacks ");
      assertThatThrownBy(() -> libraries().blasOf(13))
          .isInstanceOf(LibraryException.class)
          .hasMessageStartingWith(loaders.resolve("libcublas.so.13") + " lacks ");
    } finally {
      if (before == null) {
        System.clearProperty("jna.library.path");
      } else {
        System.setProperty("jna.library.path", before);
      }
    }
    assertThat(libraries().blasOf(9)).isEmpty();
  }
}
