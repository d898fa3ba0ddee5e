package dev.convoy.benchmark.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.benchmark.report.Machine;
import dev.convoy.benchmark.report.Picture;
import dev.convoy.benchmark.report.Target;
import dev.convoy.benchmark.search.Parallel.Times;
import dev.convoy.benchmark.search.Scheduling.Heap;
import dev.convoy.benchmark.search.Scheduling.Instant;
import dev.convoy.benchmark.search.Scheduling.Sleeping;
import dev.convoy.driver.search.StubSearch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchReportTest {
  private static final Parallel PARALLEL =
      new Parallel(
          List.of(new Times(100, 102, 110), new Times(90, 92, 101), new Times(104, 106, 111)),
          List.of(new Times(55, 57, 65), new Times(50, 52, 60), new Times(70, 72, 80)));
  private static final Scheduling SCHEDULING =
      new Scheduling(
          new Sleeping(200, 20, 10, new StubSearch.Times(103, 0.5)),
          new Instant(
              5000,
              new StubSearch.Times(8, 2.5),
              List.of(new Heap(1000, 20_000_000), new Heap(5000, 26_000_000))));

  private static SearchFindings everything() {
    SearchFindings findings = new SearchFindings();
    findings.add(MethodsTest.METHODS);
    findings.add(PARALLEL);
    findings.add(SCHEDULING);
    return findings;
  }

  @Test
  void everyTargetIsJudged() {
    assertThat(everything().targets())
        .containsExactly(
            new Target(
                "MNIST: ASHA's epochs to random search's best / its budget", 1.0 / 3, false, 0.5),
            new Target(
                "eight trials on local[2]: two at once / one by one", 0.6, false, 55.0 / 100),
            new Target("overhead of 200 trials of 10 s, 20 at once", 0.02, false, 0.03),
            new Target("seconds for 5,000 instant trials", 60, false, 8));
    assertThat(everything().targets())
        .extracting(Target::isMet)
        .containsExactly(false, true, false, true);
  }

  @Test
  void theTableTellsAllOfIt() {
    assertThat(SearchTable.of(everything()).lines().map(line -> line.replaceAll("  +", " | ")))
        .containsSubsequence(
            "MNIST, 12 epochs, seeds 1 to 3 | best | quartiles | trials | epochs | share | share <= 1/3",
            "random search | 0.8000 | 0.7500 0.8500 | 3 | 12 | 0.67 | 1 of 3",
            "ASHA | 0.8000 | 0.7750 0.8750 | 7 | 12 | 0.50 | 1 of 3",
            "Hyperband | 0.7000 | 0.7000 0.7000 | 5 | 11 | never | 1 of 3",
            "trials | 100.0 (90.0 to 104.0) | 55.0 (50.0 to 70.0) | 0.55",
            "of 10 s, 20 at once | 200 | 100.00 | 103.00 | 0.50",
            "instant | 5000 | 0.00 | 8.00 | 2.50",
            "heap in use: 20.0 MB after 1,000, 26.0 MB after 5,000, 1500 bytes a trial");
  }

  @Test
  void theFileHoldsEverySample() {
    JsonNode report =
        SearchJson.of(new Machine("a processor", 2, "a system", "a java"), everything());
    assertThat(report.at("/machine/cores").asInt()).isEqualTo(2);
    JsonNode hyperband = report.at("/methods/rules/2");
    assertThat(hyperband.path("early-termination").asText()).isEqualTo("hyperband");
    assertThat(hyperband.at("/share-of-budget-to-random-best/median").isNull()).isTrue();
    assertThat(hyperband.at("/share-of-budget-to-random-best/samples").toString())
        .isEqualTo("[null,null,0.3333333333333333]");
    assertThat(hyperband.at("/best-so-far").toString())
        .isEqualTo("[[[1,0.7]],[[1,0.7]],[[4,0.7]]]");
    assertThat(report.at("/methods/rules/1/best-validation-accuracy/samples").toString())
        .isEqualTo("[0.95,0.8,0.75]");
    assertThat(report.at("/parallel/two-at-once/process-seconds/samples").toString())
        .isEqualTo("[65.0,60.0,80.0]");
    assertThat(report.at("/parallel/ratio/trials").asDouble()).isEqualTo(0.55);
    assertThat(report.at("/scheduling/sleeping/overhead").asDouble()).isEqualTo(0.03);
    assertThat(report.at("/scheduling/instant/heap/1/bytes").asLong()).isEqualTo(26_000_000);
    assertThat(report.at("/targets/1/met").asBoolean(false)).isTrue();
  }

  @Test
  void whatWasNotMeasuredIsNotReported() {
    SearchFindings findings = new SearchFindings();
    assertThat(findings.isEmpty()).isTrue();
    findings.add(PARALLEL);
    assertThat(findings.isEmpty()).isFalse();
    assertThat(findings.targets()).hasSize(1);
    assertThat(SearchTable.of(findings)).doesNotContain("MNIST", "heap");
  }

  @Test
  void thePictureIsAPng(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("search-methods.png");
    Picture.write(file, () -> MethodsPlot.of(MethodsTest.METHODS), System.err);
    assertThat(Files.readAllBytes(file)).startsWith(0x89, 'P', 'N', 'G');
  }
}
