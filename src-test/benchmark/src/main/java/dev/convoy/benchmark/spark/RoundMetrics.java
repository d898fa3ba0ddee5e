package dev.convoy.benchmark.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;

/**
 * What a run's metrics.jsonl says of its rounds, those of the first epoch left out: in it Java's
 * compilers are at work.
 *
 * @param examples trained
 * @param seconds that the rounds took, averaging included
 * @param waitingSeconds of these in which networks waited for data
 */
record RoundMetrics(long examples, double seconds, double waitingSeconds) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static RoundMetrics of(List<String> lines) throws IOException {
    long examples = 0;
    double seconds = 0;
    double waiting = 0;
    for (String line : lines) {
      JsonNode metrics = JSON.readTree(line);
      if (metrics.path("type").asText().equals("round") && metrics.path("epoch").asInt() > 1) {
        examples += metrics.path("examples").asLong();
        seconds += metrics.path("seconds").asDouble();
        waiting += metrics.path("seconds").asDouble() * metrics.path("waiting-share").asDouble();
      }
    }
    if (examples == 0) {
      throw new IOException("no round behind the first epoch");
    }
    return new RoundMetrics(examples, seconds, waiting);
  }

  double imagesPerSecond() {
    return examples / seconds;
  }

  double waitingShare() {
    return waitingSeconds / seconds;
  }
}
