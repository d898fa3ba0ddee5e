package dev.convoy.worker.natives;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionSetTest {
  @Test
  void bothLibrariesSayWhatTheyChose() {
    InstructionSet inUse = InstructionSet.inUse();
    assertThat(inUse.oneDnn()).matches("none|sse41|avx.*");
    assertThat(inUse.blas()).matches("[A-Z]\\w+");
    assertThat(InstructionSet.inUse()).isEqualTo(inUse);
  }

  @ParameterizedTest
  @CsvSource({
    "avx2, false, false",
    "avx512_core, false, false",
    "avx512_core_vnni, false, true",
    "avx512_core_bf16, false, true",
    "avx512_core_bf16 of AMD, true, false",
    "avx512_core_amx, true, true"
  })
  void whatIsFastDependsOnTheProcessor(String oneDnn, boolean bfloat16, boolean smallProducts) {
    InstructionSet instructions = new InstructionSet(oneDnn, "Haswell");
    assertThat(instructions.hasFastBfloat16()).isEqualTo(bfloat16);
    assertThat(instructions.hasFastSmallProducts()).isEqualTo(smallProducts);
  }

  @Test
  void theVersionIsThatOfTheLibraryThatIsLoaded() {
    InstructionSet.inUse();
    dnnl_version_t version = dnnl.dnnl_version();
    assertThat(InstructionSet.oneDnnVersion())
        .isEqualTo(version.major() + "." + version.minor() + "." + version.patch());
  }

  @Test
  void itIsWrittenWithBothNames() {
    assertThat(new InstructionSet("avx2", "Haswell")).hasToString("oneDNN avx2, OpenBLAS Haswell");
  }
}
