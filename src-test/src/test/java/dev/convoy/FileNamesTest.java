package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names with characters that file systems allow and libraries stumble over. */
class FileNamesTest {
  @TempDir private Path directory;

  @Test
  void everyNameIsUsedWhereNoLocaleIsSet() throws IOException {
    assumeThat(System.getProperty("sun.jnu.encoding")).isEqualTo("UTF-8");
    Path images = ImageFolders.good(directory.resolve("photos: #1 %41"));
    Files.move(images.resolve("dark"), images.resolve("a:1 b\u00e4r"));
    Files.move(images.resolve("light"), images.resolve("\u65e5\u672c"));
    Files.move(
        images.resolve("a:1 b\u00e4r/image-0.png"),
        images.resolve("a:1 b\u00e4r/12:30 \u00e9.png"));
    Files.writeString(images.resolve("\u65e5\u672c/notes.heic"), "");
    Path output = directory.resolve("2024-01-01T10:00:00");

    try (Application application =
        Application.start(
            Map.of("LC_ALL", "C", "LANG", ""),
            "train",
            Runs.experiment("folder.conf"),
            "output=\"" + output + '"',
            "data.train=\"" + images + '"')) {
      Ended ended = application.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
      assertThat(ended.messages()).contains("note: passed over 1: 1 .heic");
    }
    assertThat(output.resolve("labels.txt")).hasContent("a:1 b\u00e4r\n\u65e5\u672c");
    JsonNode examples = new RunFiles(output).summary().path("examples");
    assertThat(examples.path("train").asInt() + examples.path("validation").asInt()).isEqualTo(16);

    Path predictions = directory.resolve("predictions #1.csv");
    Ended predicted =
        Command.run(
            "predict",
            output.toString(),
            "--images=" + images,
            "--output=" + predictions,
            "spark.master=\"local[1]\"");
    assertThat(predicted.exitCode()).as(predicted.messages()).isZero();
    assertThat(Files.readString(predictions)).contains("a:1 b\u00e4r/12:30 \u00e9.png");
  }
}
