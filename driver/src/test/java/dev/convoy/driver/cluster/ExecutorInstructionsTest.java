package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.worker.natives.InstructionSet;
import dev.convoy.worker.natives.InstructionSetLimit;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExecutorInstructionsTest {
  private static final InstructionSet AVX2 = new InstructionSet("avx2", "Haswell");
  private static final InstructionSet ZEN = new InstructionSet("avx2", "Zen");
  private static final InstructionSet AVX512 = new InstructionSet("avx512_core", "SkylakeX");
  private static final InstructionSet AMX = new InstructionSet("avx512_core_amx", "SkylakeX");

  @Test
  void executorsOfOneKindAgree() {
    assertThat(common(Map.of("a", AMX, "b", AMX), InstructionSetLimit.AUTO)).isEqualTo(AMX);
    assertThat(common(Map.of("a", AVX2, "b", AVX2), InstructionSetLimit.AVX2)).isEqualTo(AVX2);
  }

  @Test
  void aMixtureIsRefusedWithTheWidestThatAllHave() {
    assertThatThrownBy(
            () -> common(Map.of("b", AVX2, "a", AMX, "c", AVX2), InstructionSetLimit.AUTO))
        .isInstanceOf(UnsuitableClusterException.class)
        .hasMessage(
            "Cannot train on executors that compute with different instructions, since the result"
                + " would depend on which of them trains what: found oneDNN avx2, OpenBLAS Haswell"
                + " (b, c); oneDNN avx512_core_amx, OpenBLAS SkylakeX (a). Set"
                + " accelerator.instruction-set = avx2, which all of them have.");
    assertThatThrownBy(() -> common(Map.of("a", AMX, "b", AVX512), InstructionSetLimit.AUTO))
        .hasMessageEndingWith("Set accelerator.instruction-set = avx512, which all of them have.");
    assertThatThrownBy(() -> common(Map.of("a", AVX2, "b", ZEN), InstructionSetLimit.AUTO))
        .hasMessageEndingWith("Set accelerator.instruction-set = avx2, which all of them have.");
  }

  @Test
  void whatTheProcessorsDoNotHaveIsRefused() {
    assertThatThrownBy(() -> common(Map.of("a", AVX2, "b", AVX512), InstructionSetLimit.AVX512))
        .isInstanceOf(UnsuitableClusterException.class)
        .hasMessage(
            "accelerator.instruction-set = avx512: expected processors that have it, and processes"
                + " that begin with it, found oneDNN avx2, OpenBLAS Haswell (a);"
                + " oneDNN avx512_core, OpenBLAS SkylakeX (b).");
  }

  private static InstructionSet common(
      Map<String, InstructionSet> byHost, InstructionSetLimit limit) {
    return ExecutorInstructions.common(new TreeMap<>(byHost), limit);
  }
}
