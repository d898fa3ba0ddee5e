package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.natives.LargePages;
import dev.convoy.worker.natives.LargePages.Mode;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

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
  void tellsWhetherTheKernelGivesLargePages() {
    assertThat(pages(Mode.NONE, 0, true)).isEqualTo("this system has no large ones");
    assertThat(pages(Mode.NEVER, 2 << 20, true))
        .startsWith("small; ")
        .contains("/sys/kernel/mm/transparent_hugepage/enabled says madvise");
    assertThat(pages(Mode.ON_REQUEST, 2 << 20, true))
        .isEqualTo("large ones for networks, large ones for the heap");
    assertThat(pages(Mode.ON_REQUEST, 2 << 20, false))
        .isEqualTo(
            "large ones for networks, small ones for the heap; -XX:+UseTransparentHugePages asks");
    assertThat(pages(Mode.ALWAYS, 2 << 20, false))
        .isEqualTo("large ones for networks, large ones for the heap");
    assertThat(pages(Mode.ALWAYS, 512 << 20, false))
        .isEqualTo(
            "small ones for networks, which would not fill one of 512 MiB, large ones for the heap");
  }

  private static String pages(Mode mode, long bytes, boolean asked) {
    return Diagnosis.pages(new LargePages.Offer(mode, bytes), asked).found();
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
