package dev.convoy.worker.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.api.LibraryVersion;
import dev.convoy.worker.cuda.api.LibraryVersions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GpuRequirementsTest {
  /** Versions as the libraries count them: driver, cuBLAS, cuDNN, cuDNN's CUDA. */
  private static final Map<String, LibraryVersions> INSTALLED =
      Map.ofEntries(
          installed("driver 10.2", 10_020, 110_000, 8000, 10_020),
          installed("driver 11.3", 11_030, 110_402, 8200, 11_030),
          installed("11.4 cuDNN 8.2", 11_040, 110_502, 8204, 11_040),
          installed("11.8 cuDNN 8.5", 11_080, 111_103, 8500, 11_070),
          installed("11.8 cuDNN 8.9", 11_080, 111_103, 8907, 11_080),
          installed("11.8 cuDNN 9.10", 11_080, 111_103, 91_002, 11_080),
          installed("12.4 cuDNN 8.9", 12_040, 120_405, 8907, 12_020),
          installed("12.4 cuDNN 9.1", 12_040, 120_405, 90_100, 12_040),
          installed("12.8 cuDNN 9.6", 12_080, 120_803, 90_600, 12_060),
          installed("12.8 cuDNN 9.7", 12_080, 120_803, 90_701, 12_080),
          installed("12.9 cuBLAS 12.6", 12_090, 120_603, 91_002, 12_090),
          installed("12.9 cuDNN 9.10", 12_090, 120_900, 91_002, 12_090),
          installed("12.9 cuDNN 9.17", 12_090, 120_900, 91_700, 12_090),
          installed("13.0 libraries 12.9", 13_000, 120_900, 91_002, 12_090),
          installed("13.0 cuDNN for 12", 13_000, 130_000, 91_002, 12_090),
          installed("13.0 cuDNN 9.17", 13_000, 130_000, 91_700, 13_000),
          installed("12.9 cuBLAS 13", 12_090, 130_000, 91_002, 12_090),
          installed("12.9 cuDNN for 13", 12_090, 120_900, 91_700, 13_000));

  private static Map.Entry<String, LibraryVersions> installed(
      String name, long driver, long blas, long dnn, long dnnCuda) {
    return Map.entry(
        name,
        new LibraryVersions(
            LibraryVersion.ofCuda(driver),
            DescribedMachine.blasVersion(blas),
            LibraryVersion.ofDnn(dnn),
            LibraryVersion.ofCuda(dnnCuda)));
  }

  private static final String[] CAPABILITIES = {
    "3.0", "3.5", "3.7", "5.0", "5.2", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6", "8.9", "9.0",
    "10.0", "10.3", "11.0", "12.0", "12.1", "13.0"
  };

  /**
   * A column for each capability: + usable, K older than Convoy's kernels, N newer than it knows, D
   * driver too old, d a library for a newer CUDA than the driver's, b and n cuBLAS and cuDNN
   * without code for so new a card, B and M the same for so old a card.
   */
  private static final List<String> TABLE =
      List.of(
          // capability              3 3 3 5 5 6 6 7 7 8 8 8 9 10 10 11 12 12 13
          "driver 10.2         KKKDDDDDDDDDDDDDDDN",
          "driver 11.3         KKKDDDDDDDDDDDDDDDN",
          "11.4 cuDNN 8.2      KKK+++++++++bbbbbbN",
          "11.8 cuDNN 8.5      KKK+++++++++nbbbbbN",
          "11.8 cuDNN 8.9      KKK++++++++++bbbbbN",
          "11.8 cuDNN 9.10     KKK++++++++++bbbbbN",
          "12.4 cuDNN 8.9      KKK++++++++++bbbbbN",
          "12.4 cuDNN 9.1      KKK++++++++++bbbbbN",
          "12.8 cuDNN 9.6      KKK++++++++++nnbnnN",
          "12.8 cuDNN 9.7      KKK++++++++++++b++N",
          "12.9 cuBLAS 12.6    KKK++++++++++bbbbbN",
          "12.9 cuDNN 9.10     KKK++++++++++++b++N",
          "12.9 cuDNN 9.17     KKKMMMMM+++++++b++N",
          "13.0 libraries 12.9 KKK++++++++++++b++N",
          "13.0 cuDNN for 12   KKKBBBBB+++++++n++N",
          "13.0 cuDNN 9.17     KKKBBBBB++++++++++N",
          "12.9 cuBLAS 13      KKKdddddddddddddddN",
          "12.9 cuDNN for 13   KKKdddddddddddddddN");

  static Stream<Arguments> table() {
    return TABLE.stream()
        .flatMap(
            row -> {
              String name = row.substring(0, 20).strip();
              String verdicts = row.substring(20);
              assertThat(verdicts).hasSize(CAPABILITIES.length);
              return Stream.iterate(0, i -> i < CAPABILITIES.length, i -> i + 1)
                  .map(i -> Arguments.of(name, CAPABILITIES[i], verdicts.charAt(i)));
            });
  }

  @ParameterizedTest(name = "{0}, capability {1}: {2}")
  @MethodSource("table")
  void aCardIsUsedWithLibrariesThatHaveCodeForIt(String name, String capability, char verdict) {
    Optional<String> problem = GpuRequirements.problem(INSTALLED.get(name), of(capability));
    if (verdict == '+') {
      assertThat(problem).isEmpty();
    } else {
      assertThat(problem).get().asString().contains(expected(verdict), "nstall");
    }
  }

  private static String expected(char verdict) {
    return switch (verdict) {
      case 'K' -> "expected 5.0 or later";
      case 'N' -> "expected at most 12.1";
      case 'D' -> "expected 11.4 or later. Install a newer driver.";
      case 'd' -> "and the driver serves CUDA up to 12.9. Install a newer driver, or cu";
      case 'b' -> "Install cuBLAS 1";
      case 'n' -> "Install cuDNN ";
      case 'B' -> "any more. Install cuBLAS of CUDA 12.";
      case 'M' -> "any more. Install cuDNN 9.10";
      default -> throw new IllegalArgumentException(Character.toString(verdict));
    };
  }

  private static ComputeCapability of(String text) {
    String[] parts = text.split("\\.", -1);
    return new ComputeCapability(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  @Test
  void aSentenceSaysWhatWasFoundAndWhatToInstall() {
    assertThat(GpuRequirements.problem(INSTALLED.get("12.9 cuDNN 9.17"), of("6.1")))
        .hasValue(
            "cuDNN 9.17 has no code for compute capability 6.1 any more. Install cuDNN 9.10 or"
                + " earlier.");
    assertThat(GpuRequirements.problem(INSTALLED.get("12.4 cuDNN 9.1"), of("12.0")))
        .hasValue(
            "cuBLAS 12.4.5 has no code for compute capability 12.0. Install cuBLAS 12.8 or later.");
    assertThat(GpuRequirements.problem(INSTALLED.get("12.9 cuBLAS 13")))
        .hasValue(
            "cuBLAS 13.0 is for CUDA 13, and the driver serves CUDA up to 12.9. Install a newer"
                + " driver, or cuBLAS for CUDA 12.");
  }

  @ParameterizedTest
  @CsvSource({"5.0, 1", "7.0, 1", "7.5, 1", "8.0, 3", "8.6, 3", "9.0, 3", "12.0, 3"})
  void tf32AndBfloat16AreThereSinceAmpere(String capability, int precisions) {
    assertThat(GpuRequirements.precisions(of(capability)))
        .hasSize(precisions)
        .contains(Precision.FLOAT32)
        .doesNotContain(Precision.AUTO);
  }
}
