package dev.convoy.benchmark.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.search.SchedulingMeasurement.Scale;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulingMeasurementTest {
  private static final double ROUNDING = 1e-12;

  @TempDir private Path directory;
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

  private Scheduling measure(String space, Scale scale) throws Exception {
    Path configuration = directory.resolve("space.conf");
    Files.writeString(configuration, space);
    return new SchedulingMeasurement(
            configuration,
            scale,
            directory,
            new PrintStream(progress, true, StandardCharsets.UTF_8))
        .run();
  }

  @Test
  void everyTrialIsInTheJournalAndNoneIsFasterThanItsTime() throws Exception {
    Scheduling measured =
        measure(
            "optimizer.learning-rate = {log-uniform = [1e-4, 1]}\n"
                + "data { format = synthetic, image { height = 8, width = 8, channels = 1 } }\n"
                + "model.name = linear\n"
                + "training.early-stopping.metric = validation-accuracy",
            new Scale(6, 100, 20, 3, 10));
    assertThat(measured.sleeping().idealSeconds()).isCloseTo(0.2, within(ROUNDING));
    assertThat(measured.sleeping().times().searchSeconds()).isGreaterThan(0.2);
    assertThat(measured.sleeping().overhead()).isPositive();
    assertThat(measured.instant().heap())
        .extracting(Scheduling.Heap::trials)
        .containsExactly(10, 20);
    // A line when a trial begins and one when it ends.
    assertThat(Files.readAllLines(directory.resolve("scheduling/instant/trials.jsonl")))
        .hasSize(2 * 20);
    assertThat(directory.resolve("scheduling/sleeping/report.html")).isNotEmptyFile();
    assertThat(progress.toString(StandardCharsets.UTF_8))
        .contains("heap after 10: ", "  3 of 6 begun", "  6 of 6 begun");
  }

  @Test
  void whatIsWrongWithTheSpaceIsSaid() {
    assertThatExceptionOfType(BenchmarkException.class)
        .isThrownBy(() -> measure("model.name = linear", new Scale(2, 0, 2, 1, 1)))
        .withMessageStartingWith("Cannot measure the scheduling: ")
        .withMessageContaining("expected a distribution");
  }
}
