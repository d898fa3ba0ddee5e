package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecordingTest {
  @Test
  void theApplicationCanBeRecorded(@TempDir Path directory) {
    Path recording = directory.resolve("convoy.jfr");
    String options = "-Xmx512m -XX:StartFlightRecording=filename=" + recording;
    try (Application application =
        Application.start(Map.of("CONVOY_JAVA_OPTIONS", options), "models", "lenet-5")) {
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    assertThat(recording).isNotEmptyFile();
  }
}
