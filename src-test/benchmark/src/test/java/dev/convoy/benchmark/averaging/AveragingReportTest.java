package dev.convoy.benchmark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.averaging.AveragingCost.Round;
import dev.convoy.benchmark.averaging.Traffic.Bytes;
import dev.convoy.benchmark.report.Machine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AveragingReportTest {
  private static final AveragingCost COST =
      new AveragingCost(
          Way.EXECUTORS,
          2_000_000,
          2,
          600,
          List.of(
              new Round(0.5, new Bytes(1_000_000, 2_000_000), new Bytes(20_000_000, 1_000_000)),
              new Round(0.7, new Bytes(2_000_000, 2_000_000), new Bytes(30_000_000, 3_000_000)),
              new Round(0.6, new Bytes(3_000_000, 2_000_000), new Bytes(25_000_000, 2_000_000))));

  @Test
  void trafficIsReadAsLinuxWritesIt() {
    assertThat(
            Traffic.parse(
                List.of("rchar: 120", "wchar: 34", "syscr: 5", "syscw: 6", "read_bytes: 7")))
        .isEqualTo(new Bytes(120, 34));
  }

  @Test
  void theBusiestExecutorIsTheOneThatMovedMostSinceTheLookBefore() {
    Traffic before = new Traffic(Map.of(1L, new Bytes(900, 900), 2L, new Bytes(10, 10)));
    Traffic after = new Traffic(Map.of(1L, new Bytes(950, 920), 2L, new Bytes(60, 50)));
    assertThat(after.busiestSince(before)).isEqualTo(new Bytes(50, 40));
  }

  @Test
  void aRoundInWhichAnExecutorWasLostDoesNotCount() {
    Traffic before = new Traffic(Map.of(1L, new Bytes(900, 900), 2L, new Bytes(10, 10)));
    Traffic after = new Traffic(Map.of(1L, new Bytes(950, 920), 3L, new Bytes(60, 50)));
    assertThatThrownBy(() -> after.busiestSince(before))
        .isInstanceOf(BenchmarkException.class)
        .hasMessageContaining("found one lost");
  }

  @Test
  void theTableHasMediansAndWhatWasSkipped() {
    assertThat(AveragingReport.table(List.of(COST), List.of("dl4j, 138,000,000 parameters: why")))
        .containsPattern("2000000 +2 +executors +600 +0\\.60 \\(0\\.50 to 0\\.70\\) +4 +27")
        .contains("skipped: dl4j, 138,000,000 parameters: why")
        .contains("/proc/PID/io");
  }

  @Test
  void theJsonHasEverySample() {
    ObjectNode report = AveragingReport.json(Machine.here(), List.of(COST), List.of());
    assertThat(report.at("/averaging/0/way").asText()).isEqualTo("executors");
    assertThat(report.at("/averaging/0/seconds/samples")).hasSize(3);
    assertThat(report.at("/averaging/0/driver-bytes-in/median").asDouble()).isEqualTo(2e6);
    assertThat(report.at("/averaging/0/executor-bytes-out/most").asDouble()).isEqualTo(3e6);
  }

  @Test
  void anUnknownWayIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Way.named("ring"))
        .hasMessage(
            "expected one of driver, executors, executors-bfloat16, executors-8-bit, dl4j, found ring");
  }
}
