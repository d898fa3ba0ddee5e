package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisTest {
  @Test
  void tellsWhatNetworksRunOn() {
    assertThat(Diagnosis.ofThisMachine())
        .filteredOn(finding -> finding.subject().startsWith("fast networks"))
        .hasSize(2)
        .allSatisfy(
            finding -> {
              assertThat(finding.state()).isEqualTo(Diagnosis.State.RIGHT);
              assertThat(finding.found())
                  .containsAnyOf("oneDNN primitives", "Deeplearning4j's own layers");
            });
  }

  @Test
  void tellsWhatTheProcessorComputesIn() {
    boolean fast = CompiledNetwork.available(Precision.AUTO) == Precision.BFLOAT16;
    assertThat(Diagnosis.ofThisMachine())
        .filteredOn(finding -> finding.subject().equals("precision on the CPU"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.found()).startsWith("float32");
              assertThat(finding.found().contains("auto takes bfloat16")).isEqualTo(fast);
            });
  }

  @Test
  void tellsWhatDecodesJpegs() {
    assertThat(Diagnosis.ofThisMachine())
        .filteredOn(finding -> finding.subject().equals("JPEGs"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.state()).isEqualTo(Diagnosis.State.RIGHT);
              assertThat(finding.found())
                  .matches("decoded by (libjpeg-turbo|the JDK's reader; .{10,})");
            });
  }

  @Test
  void tellsWhetherTheKernelGivesLargePages(@TempDir Path directory) throws Exception {
    Path setting = directory.resolve("enabled");
    assertThat(Diagnosis.pages(setting, true).found()).isEqualTo("this system has no large ones");

    Files.writeString(setting, "always madvise [never]\n");
    assertThat(Diagnosis.pages(setting, true).found())
        .isEqualTo(
            "small; networks and photographs take less time where " + setting + " says madvise");

    Files.writeString(setting, "always [madvise] never\n");
    assertThat(Diagnosis.pages(setting, true).found())
        .isEqualTo("large ones for networks and the heap");
    assertThat(Diagnosis.pages(setting, false).found())
        .isEqualTo(
            "large ones for networks, small ones for the heap; -XX:+UseTransparentHugePages asks");

    Files.writeString(setting, "[always] madvise never\n");
    assertThat(Diagnosis.pages(setting, false).found())
        .isEqualTo("large ones for networks and the heap");
  }

  @Test
  void theVerdictIsASentence() {
    Diagnosis.Finding right = new Diagnosis.Finding("java", Diagnosis.State.RIGHT, "17", "");
    Diagnosis.Finding doubtful =
        new Diagnosis.Finding("threads", Diagnosis.State.DOUBTFUL, "none", "set them");
    Diagnosis.Finding wrong =
        new Diagnosis.Finding("spark", Diagnosis.State.WRONG, "2.13", "take another");
    assertThat(Diagnosis.verdict(List.of(right)))
        .isEqualTo("Ready: Convoy can train on this machine.");
    assertThat(Diagnosis.verdict(List.of(right, doubtful)))
        .isEqualTo(
            "Ready: Convoy can train on this machine; 1 thing could be better (threads): see the"
                + " lines with warn.");
    assertThat(
            Diagnosis.verdict(
                List.of(
                    wrong,
                    doubtful,
                    new Diagnosis.Finding("kryo", Diagnosis.State.WRONG, "two", "one"))))
        .startsWith("Not ready: 2 things to mend before Convoy can train here (spark, kryo).");
  }
}
