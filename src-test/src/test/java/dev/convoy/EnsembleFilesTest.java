package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** What an ensemble leaves to be looked at and for other tools. */
class EnsembleFilesTest {
  private static final String EXPERIMENT = Runs.experiment("ensemble.conf");
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void anEnsembleLeavesAReportImagesAndWhereWishedPredictions() throws IOException {
    RunFiles files = Runs.newRun("ensemble-files");
    Path predictions = files.directory().resolve("predictions");
    run(files);
    assertThat(Files.readString(files.directory().resolve("report.html")))
        .contains("data:image/png;base64,", "synthetic-test#");
    BufferedImage sheet = ImageIO.read(files.directory().resolve("least-sure.png").toFile());
    assertThat(sheet.getWidth()).isEqualTo(sheet.getHeight()).isGreaterThan(6 * 128);
    JsonNode statistics = JSON.readTree(files.directory().resolve("statistics.json").toFile());
    assertThat(statistics.at("/test/doubt/least-sure/examples"))
        .hasSize(36)
        .allSatisfy(
            example ->
                assertThat(example.path("path").asText())
                    .isEqualTo("synthetic-test#" + example.path("id").asInt()));
    assertThat(predictions).doesNotExist();
    DocumentedKeys.ofEnsemble(files.summary());
    DocumentedKeys.ofStatistics(statistics);

    JsonNode summary = files.summary();
    run(files, "ensemble.export-predictions=on");
    assertThat(files.summary()).as("only files are added").isEqualTo(summary);
    for (String set : List.of("validation", "out-of-bag", "test")) {
      assertThat(predictions.resolve(set + "-labels.npy")).isNotEmptyFile();
      assertThat(predictions.resolve(set + "-ids.csv")).isNotEmptyFile();
    }
    // 100 examples of two members and four classes, and the header.
    assertThat(predictions.resolve("test.npy")).hasSize(128 + 100 * 2 * 4 * Float.BYTES);

    run(files);
    assertThat(predictions).as("what is not wished any more").doesNotExist();
  }

  private static void run(RunFiles files, String... overrides) {
    String[] arguments =
        Stream.concat(
                Stream.of("ensemble", EXPERIMENT, files.argument(), "ensemble.members=2"),
                Stream.of(overrides))
            .toArray(String[]::new);
    Ended ended = Command.run(arguments);
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
  }
}
