package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.driver.Experiments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsLogTest {
  @TempDir Path temporary;
  private RunDirectory directory;

  @BeforeEach
  void open() throws IOException {
    directory =
        RunDirectory.open(
            Experiments.of(temporary.resolve("run")), new Configuration(false), () -> {});
  }

  @Test
  void theFileHoldsOneObjectPerLine() throws IOException {
    MetricsLog log = MetricsLog.empty(directory);
    add(log, 1);
    add(log, 2);
    log.flush();
    assertThat(file()).hasContent("{\"line\":1}\n{\"line\":2}\n");
  }

  @Test
  void whatIsNotInTheFileIsInThePosition() {
    MetricsLog log = MetricsLog.empty(directory);
    add(log, 1);
    assertThat(log.position()).isEqualTo(new Checkpoint.Metrics(0, List.of("{\"line\":1}")));
    log.flush();
    assertThat(log.position()).isEqualTo(new Checkpoint.Metrics(1, List.of()));
    add(log, 2);
    assertThat(log.position()).isEqualTo(new Checkpoint.Metrics(1, List.of("{\"line\":2}")));
  }

  @Test
  void linesWrittenAfterTheCheckpointAreNotDoubled() throws IOException {
    MetricsLog log = MetricsLog.empty(directory);
    add(log, 1);
    Checkpoint.Metrics checkpoint = log.position();
    add(log, 2);
    log.flush();

    MetricsLog resumed = MetricsLog.resume(directory, checkpoint);
    add(resumed, 2);
    resumed.flush();
    assertThat(file()).hasContent("{\"line\":1}\n{\"line\":2}\n");
  }

  @Test
  void aFileThatWasRemovedCostsItsLinesAndNothingElse() throws IOException {
    MetricsLog log = MetricsLog.empty(directory);
    add(log, 1);
    log.flush();
    add(log, 2);
    Checkpoint.Metrics checkpoint = log.position();
    Files.delete(file());

    MetricsLog resumed = MetricsLog.resume(directory, checkpoint);
    add(resumed, 3);
    resumed.flush();
    assertThat(file()).hasContent("{\"line\":2}\n{\"line\":3}\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void howeverOftenARunIsKilledNoLineIsLostOrDoubled(long seed) throws IOException {
    Random random = new Random(seed);
    List<String> expected = new ArrayList<>();
    MetricsLog log = MetricsLog.empty(directory);
    Checkpoint.Metrics checkpoint = log.position();
    int atCheckpoint = 0;
    int line = 0;
    while (line < 60) {
      switch (random.nextInt(6)) {
        case 0 -> log.flush();
        case 1 -> {
          checkpoint = log.position();
          atCheckpoint = line;
        }
        case 2 -> {
          log = MetricsLog.resume(directory, checkpoint);
          line = atCheckpoint;
        }
        default -> add(log, line++);
      }
    }
    log.flush();
    for (int i = 0; i < line; i++) {
      expected.add("{\"line\":" + i + "}");
    }
    assertThat(Files.readAllLines(file())).as("seed %d", seed).isEqualTo(expected);
  }

  @Test
  void linesInTheFileAndAfterItAreRead() {
    MetricsLog log = MetricsLog.empty(directory);
    log.add(round(1));
    log.flush();
    log.add(round(2));
    assertThat(log.ofType("round", line -> line.path("round").asInt())).containsExactly(1, 2);
    assertThat(log.ofType("validation", line -> line)).isEmpty();
    Checkpoint.Metrics checkpoint = log.position();
    log.flush();
    assertThat(
            MetricsLog.resume(directory, checkpoint)
                .ofType("round", line -> line.path("round").asInt()))
        .containsExactly(1, 2);
  }

  @Test
  void theFileKeepsItsLinesOutOfMemory() {
    MetricsLog log = MetricsLog.empty(directory);
    for (int line = 0; line < 100; line++) {
      add(log, line);
      log.flush();
      assertThat(log.position().pending()).isEmpty();
    }
    assertThat(log.position().written()).isEqualTo(100);
    assertThat(directory.lines(RunDirectory.METRICS)).hasSize(100);
  }

  private static ObjectNode round(int number) {
    return RecordChecksum.add(
        JsonNodeFactory.instance.objectNode().put("type", "round").put("round", number));
  }

  private static void add(MetricsLog log, int line) {
    log.add(JsonNodeFactory.instance.objectNode().put("line", line));
  }

  private Path file() {
    return temporary.resolve("run/metrics.jsonl");
  }
}
