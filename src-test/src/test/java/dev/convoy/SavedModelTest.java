package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SavedModelTest {
  @Test
  void plainDeeplearning4jRestoresTheParametersOfTheSummary() throws IOException {
    ComputationGraph network =
        ModelSerializer.restoreComputationGraph(model().toFile(), /* loadUpdater= */ false);
    float[] parameters = network.params().toFloatVector();
    assertThat(sha256(parameters)).isEqualTo(Runs.reference().parameters());
    INDArray output = network.outputSingle(Nd4j.zeros(2, 1, 12, 12));
    assertThat(output.shape()).containsExactly(2, 4);
    assertThat(output.sumNumber().doubleValue()).as("two distributions").isBetween(1.999, 2.001);
  }

  @Test
  void theFilesOfARunHaveTheirDocumentedKeys() {
    RunFiles run = Runs.reference();
    DocumentedKeys.ofSummary(run.summary());
    DocumentedKeys.ofBest(run.summary());
    DocumentedKeys.ofMetrics(run.lines("metrics.jsonl"));
    for (String name : List.of("config.conf", "model.zip", "labels.txt", "quarantine.jsonl")) {
      assertThat(run.directory().resolve(name)).exists();
    }
  }

  @Test
  void evaluateMeasuresWhatTheSummarySays() throws IOException {
    assertMeasuresWhatTheSummarySays(model());
  }

  @Test
  void theDirectoryOfARunStandsForItsModel() throws IOException {
    assertMeasuresWhatTheSummarySays(model().getParent());
  }

  private static void assertMeasuresWhatTheSummarySays(Path model) throws IOException {
    Ended ended = Command.run("evaluate", model.toString(), Runs.experiment("reference.conf"));
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    JsonNode evaluation = new ObjectMapper().readTree(ended.output());
    DocumentedKeys.ofEvaluation(evaluation);
    JsonNode test = Runs.reference().summary().path("test");
    assertThat(evaluation.path("examples").path("test").asInt()).isEqualTo(60);
    assertThat(evaluation.path("test").path("accuracy")).isEqualTo(test.path("accuracy"));
    // Batches of another size may sum in another order.
    assertThat(evaluation.path("test").path("loss").asDouble())
        .isBetween(0.9999 * test.path("loss").asDouble(), 1.0001 * test.path("loss").asDouble());
  }

  @Test
  void aModelFileOfGarbageIsADataError() throws IOException {
    Path garbage = Runs.newDirectory("garbage").resolve("model.zip");
    Files.writeString(garbage, "not a zip at all");
    Ended ended = Command.run("evaluate", garbage.toString(), Runs.experiment("reference.conf"));
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(3);
    assertThat(ended.complaints())
        .singleElement()
        .asString()
        .contains("Cannot read the model " + garbage, "expected a model.zip that Convoy wrote");
  }

  @Test
  void aDirectoryWithoutAModelIsADataError() {
    Path empty = Runs.newDirectory("empty");
    Ended ended =
        Command.run(
            "predict", empty.toString(), "--images", empty.toString(), "--output", empty + "/csv");
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(3);
    assertThat(ended.complaints())
        .singleElement()
        .asString()
        .contains("Cannot read the model " + empty, "expected a model.zip or an ensemble.zip");
  }

  @Test
  void aFileThatNoModelCanBeIsNotRead() throws IOException {
    Path file = Runs.newDirectory("large").resolve("model.zip");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(3L << 30);
    }
    Ended ended = Command.run("evaluate", file.toString(), Runs.experiment("reference.conf"));
    assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(3);
    assertThat(ended.complaints())
        .singleElement()
        .asString()
        .contains("Cannot read the model " + file, "expected at most 2 GiB", "3,221,225,472");
    Files.delete(file);
  }

  private static Path model() {
    return Runs.reference().directory().resolve("model.zip");
  }

  private static String sha256(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
