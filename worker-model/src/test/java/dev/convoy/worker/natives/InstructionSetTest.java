package dev.convoy.worker.natives;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InstructionSetTest {
  @Test
  void bothLibrariesSayWhatTheyChose() {
    InstructionSet inUse = InstructionSet.inUse();
    assertThat(inUse.oneDnn()).matches("none|sse41|avx.*");
    assertThat(inUse.blas()).matches("[A-Z]\\w+");
    assertThat(InstructionSet.inUse()).isEqualTo(inUse);
  }

  @Test
  void itIsWrittenWithBothNames() {
    assertThat(new InstructionSet("avx2", "Haswell")).hasToString("oneDNN avx2, OpenBLAS Haswell");
  }
}
