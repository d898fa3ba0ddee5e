package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir static Path runs;
  @TempDir Path temporary;

  @BeforeAll
  static void train() {
    train("slow", "0.001");
    train("fast", "0.1");
  }

  private static void train(String name, String rate) {
    CommandRun training =
        CommandRun.of(
            List.of(
                "train",
                "../conf/quickstart.conf",
                "data.limit=120",
                "data.test=off",
                "augment=[]",
                "optimizer.learning-rate=" + rate,
                "training={batch-size=10, epochs=2, workers=1, averaging-frequency=2}",
                "training.early-stopping=off",
                "output=" + runs.resolve(name)));
    assertThat(training.exitCode()).as(training.err()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void runsStandSideBySide() throws IOException {
    Map<String, String> before = contents();
    CommandRun report = report(runs.resolve("slow"), runs.resolve("fast"));
    assertThat(report.exitCode()).as(report.err()).isEqualTo(ExitCode.DONE);
    List<List<String>> lines = report.out().lines().map(ReportCommandTest::words).toList();
    assertThat(lines.get(0))
        .startsWith("run", "status", "epochs", "rounds", "best-epoch", "validation-loss")
        .doesNotContain("test-loss", "validation-r2");
    assertThat(lines).hasSize(3);
    for (int i = 1; i <= 2; i++) {
      Path run = runs.resolve(i == 1 ? "slow" : "fast");
      JsonNode summary = json(Files.readString(run.resolve("summary.json")));
      assertThat(lines.get(i))
          .startsWith(run.toString(), "completed", "2", summary.path("rounds").asText());
      double loss = summary.path("best").path("validation-loss").asDouble();
      assertThat(Double.parseDouble(lines.get(i).get(5))).isCloseTo(loss, offset(1e-4));
    }
    JsonNode page = page();
    assertThat(page.path("differences"))
        .extracting(row -> row.get(0).asText() + " " + row.get(1) + " " + row.get(2))
        .containsExactly("optimizer.learning-rate \"0.001\" \"0.1\"");
    assertThat(page.path("runs"))
        .extracting(row -> row.get(0).asText())
        .containsExactly("slow", "fast");
    JsonNode loss = page.path("plots").get(0);
    assertThat(loss.path("title").asText()).isEqualTo("Loss on training images");
    assertThat(loss.path("series")).hasSize(2);
    JsonNode points = loss.path("series").get(0).path("points");
    assertThat(points).hasSize(Integer.parseInt(lines.get(1).get(3)));
    assertThat(points.get(points.size() - 1).get(0).asDouble()).isEqualTo(2);
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void aDirectoryStandsForTheRunsInIt() throws IOException {
    assertThat(report(runs).out().lines().skip(1))
        .extracting(line -> words(line).get(0))
        .containsExactly(runs + "/fast", runs + "/slow");
    Path search = Files.createDirectories(temporary.resolve("search/trials"));
    copy(runs.resolve("slow"), search.resolve("000003"));
    copy(runs.resolve("fast"), search.resolve("000001/fold-2"));
    assertThat(report(search.getParent()).out().lines().skip(1))
        .extracting(line -> words(line).get(0))
        .containsExactly(search + "/000001/fold-2", search + "/000003");
  }

  /** Such as one that still goes on; its last line may be damaged by a crash. */
  @Test
  void aRunNeedNotHaveEnded() throws IOException {
    Path run = temporary.resolve("killed");
    copy(runs.resolve("fast"), run);
    Files.delete(run.resolve("summary.json"));
    Path metrics = run.resolve("metrics.jsonl");
    List<String> lines = Files.readAllLines(metrics);
    Files.write(metrics, lines.subList(0, 3));
    Files.writeString(metrics, "{\"type\":\"round\",\"epo", StandardOpenOption.APPEND);
    CommandRun report = report(run);
    assertThat(report.exitCode()).as(report.err()).isEqualTo(ExitCode.DONE);
    assertThat(words(report.out().lines().skip(1).findFirst().orElseThrow()))
        .startsWith(run.toString(), "unfinished", "1", "3");
    assertThat(page().path("plots").get(0).path("series").get(0).path("points")).hasSize(3);
  }

  @Test
  void standardOutputHasThePageAlone() {
    CommandRun report = CommandRun.of(List.of("report", runs.toString(), "--output=-"));
    assertThat(report.out()).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
    assertThat(report.err()).contains("validation-loss", runs + "/fast");
  }

  @Test
  void saysWhatIsNoRun() throws IOException {
    Path nowhere = temporary.resolve("nowhere");
    assertThat(report(nowhere).err())
        .contains("Cannot look for runs in " + nowhere + ": expected a directory");
    assertThat(report(temporary).err()).contains("Cannot find a run in " + temporary);
    assertThat(report(temporary).exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(temporary.resolve("page.html")).doesNotExist();
    CommandRun settings = CommandRun.of(List.of("report", "spark.conf.a=b"));
    assertThat(settings.err()).contains("expected the directory of a run");
    assertThat(settings.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
  }

  private static List<String> words(String line) {
    return List.of(line.split(" +", -1));
  }

  private CommandRun report(Path... directories) {
    List<String> arguments = new ArrayList<>(List.of("report"));
    Arrays.stream(directories).map(Path::toString).forEach(arguments::add);
    arguments.add("--output=" + temporary.resolve("page.html"));
    return CommandRun.of(arguments);
  }

  private JsonNode page() throws IOException {
    String page = Files.readString(temporary.resolve("page.html"));
    String start = "<script type=\"application/json\" id=\"data\">";
    int from = page.indexOf(start) + start.length();
    return json(page.substring(from, page.indexOf("</script>", from)));
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(runs)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (String name : List.of("config.conf", "metrics.jsonl", "summary.json")) {
      Files.copy(from.resolve(name), to.resolve(name));
    }
  }
}
