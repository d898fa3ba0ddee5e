package dev.convoy.worker.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InstructionSetLimitTest {
  private static final InstructionSet AVX2 = new InstructionSet("avx2", "Haswell");
  private static final InstructionSet AVX512 = new InstructionSet("avx512_core", "SkylakeX");
  private static final InstructionSet AMX = new InstructionSet("avx512_core_amx", "Cooperlake");

  /** Imposes what it is told before it loads anything. */
  static final class LimitedProcess {
    private LimitedProcess() {}

    public static void main(String[] arguments) {
      InstructionSetLimit.valueOf(arguments[0]).impose();
      System.out.println(InstructionSet.inUse());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AVX2, 'oneDNN avx2, OpenBLAS Haswell'",
    "AVX512, 'oneDNN avx512_core, OpenBLAS SkylakeX'"
  })
  void aProcessIsHeldToItsLimit(InstructionSetLimit limit, String expected) throws Exception {
    assumeThat(InstructionSet.inUse().oneDnn())
        .startsWith(limit == InstructionSetLimit.AVX512 ? "avx512_core" : "avx");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx200m",
                "-cp",
                System.getProperty("java.class.path"),
                LimitedProcess.class.getName(),
                limit.name())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.strip()).endsWith(expected);
  }

  @ParameterizedTest
  @EnumSource
  void aLimitIsMetByItsOwnInstructionsAlone(InstructionSetLimit limit) {
    assertThat(limit.isMetBy(AVX2)).isEqualTo(limit != InstructionSetLimit.AVX512);
    assertThat(limit.isMetBy(AVX512)).isEqualTo(limit != InstructionSetLimit.AVX2);
    assertThat(limit.isMetBy(AMX)).isEqualTo(limit == InstructionSetLimit.AUTO);
    assertThat(limit.isMetBy(new InstructionSet("avx2", "Zen")))
        .isEqualTo(limit == InstructionSetLimit.AUTO);
  }

  @Test
  void theCommonLimitIsTheWidestThatAllHave() {
    assertThat(InstructionSetLimit.common(List.of(AMX, AVX512)))
        .isEqualTo(InstructionSetLimit.AVX512);
    assertThat(InstructionSetLimit.common(List.of(AMX, AVX2))).isEqualTo(InstructionSetLimit.AVX2);
  }
}
