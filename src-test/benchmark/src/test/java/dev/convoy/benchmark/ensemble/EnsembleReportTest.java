package dev.convoy.benchmark.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.ensemble.Cost.Origin;
import dev.convoy.benchmark.ensemble.Streaming.Heap;
import dev.convoy.benchmark.report.Machine;
import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.report.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnsembleReportTest {
  private static final Cost FILES =
      new Cost(
          Workload.LENET_5,
          Origin.FILES,
          20_000,
          5,
          new Measurement(List.of(4.0, 5.0, 3.0)),
          new Measurement(List.of(9.0, 10.0, 12.0)));
  private static final Cost MEMORY =
      new Cost(
          Workload.LENET_5,
          Origin.MEMORY,
          20_000,
          5,
          new Measurement(List.of(1.0)),
          new Measurement(List.of(6.0)));
  private static final Streaming STREAMING =
      new Streaming(
          new StreamingMeasurement.Scale(1_000_000, 2000, 5),
          1000,
          List.of(new Heap(0, 200_000_000), new Heap(1_000_000, 210_000_000)),
          new Streaming.Peak(220_000_000, 60),
          512_000_000);

  private static EnsembleFindings everything() {
    EnsembleFindings findings = new EnsembleFindings();
    findings.add(List.of(FILES, MEMORY));
    findings.add(STREAMING);
    return findings;
  }

  @Test
  void everyTargetIsJudged() {
    assertThat(everything().targets())
        .containsExactly(
            new Target(
                "lenet-5 from files: seconds of 5 members / (5 x seconds of one)",
                1.1,
                false,
                10.0 / (5 * 4)),
            new Target(
                "lenet-5 in memory: seconds of 5 members / (5 x seconds of one)", 1.1, false, 1.2),
            new Target(
                "heap that predicting 1,000,000 images takes / their size", 0.1, false, 0.02));
    assertThat(everything().targets()).extracting(Target::isMet).containsExactly(true, false, true);
  }

  @Test
  void theTableTellsAllOfIt() {
    assertThat(EnsembleTable.of(everything()).lines().map(line -> line.replaceAll("  +", " | ")))
        .containsSubsequence(
            "prediction on local[2], seconds | images | members | of one | of all | ratio",
            "lenet-5 from files | 20000 | 5 | 4.00 (3.00 to 5.00) | 10.00 (9.00 to 12.00) | 0.50",
            "lenet-5 in memory | 20000 | 5 | 1.00 (1.00 to 1.00) | 6.00 (6.00 to 6.00) | 1.20",
            "1,000,000 images from 2,000 files, 5 linear networks | heap in use, MB",
            "before, with all names | 200.0",
            "after 1,000,000 | 210.0",
            "most of 60 looks at any time | 220.0",
            "all images, if they were held | 1000.0",
            "limit of the heap | 512.0");
  }

  @Test
  void theFileHoldsEverySample() {
    JsonNode report =
        EnsembleJson.of(new Machine("a processor", 2, "a system", "a java"), everything());
    assertThat(report.at("/machine/cores").asInt()).isEqualTo(2);
    assertThat(report.at("/cost/0/network").asText()).isEqualTo("lenet-5");
    assertThat(report.at("/cost/0/origin").asText()).isEqualTo("files");
    assertThat(report.at("/cost/0/seconds-of-all/samples").toString()).isEqualTo("[9.0,10.0,12.0]");
    assertThat(report.at("/cost/1/ratio").asDouble()).isEqualTo(1.2);
    assertThat(report.at("/streaming/heap/1/bytes").asLong()).isEqualTo(210_000_000);
    assertThat(report.at("/streaming/most-heap-bytes").asLong()).isEqualTo(220_000_000);
    assertThat(report.at("/targets/2/met").asBoolean(false)).isTrue();
  }

  @Test
  void whatWasNotMeasuredIsNotReported() {
    EnsembleFindings findings = new EnsembleFindings();
    assertThat(findings.isEmpty()).isTrue();
    findings.add(STREAMING);
    assertThat(findings.isEmpty()).isFalse();
    assertThat(findings.targets()).hasSize(1);
    assertThat(EnsembleTable.of(findings)).doesNotContain("lenet-5", "ratio");
  }
}
