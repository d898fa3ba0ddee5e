package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  @TempDir Path temporary;

  @Test
  void verdictsGoToStandardOutputAndAReportBesideTheRun() throws IOException {
    CommandRun run = check("optimizer.l2=1");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.FOUND);
    assertThat(run.out().lines())
        .hasSizeGreaterThan(10)
        .allMatch(line -> line.matches("(ok|found|unclear) +[a-z-]+ .*"))
        .anyMatch(line -> line.startsWith("found    regularization "));
    Path directory = temporary.resolve("run-check");
    JsonNode verdicts =
        new ObjectMapper().readTree(directory.resolve("verdicts.json").toFile()).path("checks");
    assertThat(verdicts).hasSize((int) run.out().lines().count());
    assertThat(Files.readString(directory.resolve("report.html")))
        .contains("regularization", "initial-loss")
        .doesNotContain("{{");
    assertThat(temporary.resolve("run")).doesNotExist();
  }

  @Test
  void theSameConfigurationHasTheSameVerdicts() {
    assertThat(withoutTimes(check("seed=7").out())).isEqualTo(withoutTimes(check("seed=7").out()));
  }

  @Test
  void aNumberOfImagesOutOfRangeIsRefused() {
    CommandRun run = check("--images=3");
    assertThat(run.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(run.err()).contains("--images 3: expected 32 to 1000000");
  }

  @Test
  void aReportThatCannotBeWrittenIsToldBeforeTheWork() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    CommandRun run = check("--output=" + file.resolve("report"));
    assertThat(run.exitCode()).isNotEqualTo(ExitCode.DONE);
    assertThat(run.err()).contains("Cannot make the directory", "file/report");
    assertThat(run.out()).isEmpty();
  }

  /** All but what depends on the machine. */
  private static List<String> withoutTimes(String out) {
    return out.lines().filter(line -> !line.contains(" resources ")).toList();
  }

  private CommandRun check(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "check",
                "../conf/quickstart.conf",
                "data.image={height=12, width=12, channels=1}",
                "data.synthetic={train-examples=300, test-examples=20, classes=3}",
                "model=null",
                "model={name=linear}",
                "output=" + temporary.resolve("run")));
    all.addAll(List.of(arguments));
    return CommandRun.of(all);
  }
}
