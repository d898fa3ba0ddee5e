package dev.convoy.worker.cuda.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
