package dev.convoy.worker.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.worker.cuda.simulation.ptx.PtxModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The PTX that is committed is what the CUDA C beside it becomes, and any driver takes it. */
class CommittedPtxTest {
  private static final String COMPILER = "nvcc";
  private static final String RELEASE = "release 13.";

  /** A folder of kernels, and the one that their PTX is committed in. */
  private record Folder(Path sources, Path results) {}

  static Stream<Folder> folders() {
    return Stream.of(
            new Folder(
                Path.of("src/main/cuda"), Path.of("src/main/resources/dev/convoy/worker/cuda")),
            new Folder(
                Path.of("src/test/cuda"),
                Path.of("src/test/resources/dev/convoy/worker/cuda/simulation")))
        .filter(folder -> !names(folder.sources(), ".cu").isEmpty());
  }

  private static List<String> names(Path folder, String ending) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What a program prints, or null where there is no such program. */
  private static String output(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return null;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(output).isZero();
    return output;
  }

  @ParameterizedTest
  @MethodSource("folders")
  void committedPtxIsWhatItsSourcesBecome(Folder folder, @TempDir Path made)
      throws IOException, InterruptedException {
    String version = output(COMPILER, "--version");
    assumeTrue(version != null, "NVIDIA's compiler nvcc is not here to make the PTX again");
    assumeTrue(version.contains(RELEASE), "nvcc is not of " + RELEASE + ": " + version);
    Path script = Path.of("src/main/cuda/compile").toAbsolutePath();
    output(script.toString(), folder.sources().toString(), made.toString());
    assertThat(names(made, ".ptx")).isEqualTo(names(folder.results(), ".ptx"));
    for (String name : names(made, ".ptx")) {
      assertThat(folder.results().resolve(name)).hasSameTextualContentAs(made.resolve(name));
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void thereIsPtxForEachFileOfKernelsAndNoOther(Folder folder) {
    List<String> expected = new ArrayList<>();
    names(folder.sources(), ".cu").forEach(name -> expected.add(name.replace(".cu", ".ptx")));
    assertThat(names(folder.results(), ".ptx")).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("folders")
  void committedPtxIsForOldDriversAndDevices(Folder folder) throws IOException {
    for (String name : names(folder.results(), ".ptx")) {
      String text = Files.readString(folder.results().resolve(name));
      PtxModule module = PtxModule.parse(text, variable -> 0);
      assertThat(module.version()).describedAs(name).isEqualTo("7.0");
      assertThat(module.target()).describedAs(name).isEqualTo("sm_50");
      assertThat(module.kernels()).describedAs(name).isNotEmpty();
      assertThat(text).describedAs(name).doesNotContain("//");
    }
  }

  @Test
  void theSimulationsOwnKernelsAreAmongThem() {
    assertThat(folders().map(Folder::sources)).contains(Path.of("src/test/cuda"));
  }
}
