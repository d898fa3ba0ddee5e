package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiagnosisTest {
  @Test
  void tellsWhatNetworksRunOn() {
    assertThat(Diagnosis.ofThisMachine())
        .filteredOn(finding -> finding.subject().startsWith("accelerator"))
        .hasSize(2)
        .allSatisfy(
            finding -> {
              assertThat(finding.state()).isEqualTo(Diagnosis.State.RIGHT);
              assertThat(finding.found())
                  .containsAnyOf("oneDNN primitives", "accelerated layers: 2");
            });
  }
}
