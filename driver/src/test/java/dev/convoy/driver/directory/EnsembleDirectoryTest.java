package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsembleDirectoryTest {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir private Path temporary;

  @Test
  void whatIsThereForPeopleAndOtherToolsIsWrittenAndOverwritten() throws IOException {
    try (EnsembleDirectory first = open("first = 1")) {
      first.write(EnsembleDirectory.LEAST_SURE, out -> out.write(CONTENT));
      first.write(EnsembleDirectory.REPORT, out -> out.write(CONTENT));
      first.write("predictions/test.npy", out -> out.write(CONTENT));
    }
    assertThat(temporary.resolve("least-sure.png")).hasBinaryContent(CONTENT);
    assertThat(temporary.resolve("report.html")).hasBinaryContent(CONTENT);
    assertThat(temporary.resolve("predictions/test.npy")).hasBinaryContent(CONTENT);

    open("second = 2").close();
    assertThat(names()).containsExactly("config.conf");
  }

  @Test
  void predictionsGoAlone() throws IOException {
    try (EnsembleDirectory directory = open("first = 1")) {
      directory.write(EnsembleDirectory.REPORT, out -> out.write(CONTENT));
      directory.write("predictions/test.npy", out -> out.write(CONTENT));
      directory.delete(EnsembleDirectory.PREDICTIONS);
      directory.delete(EnsembleDirectory.PREDICTIONS);
    }
    assertThat(names()).containsExactly("config.conf", "report.html");
  }

  private EnsembleDirectory open(String text) {
    return EnsembleDirectory.open(
        new DirectoryClaim(
            temporary.toString(),
            new EffectiveText(text, text, text),
            true,
            UnaryOperator.identity()),
        new Configuration(),
        () -> {});
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }
}
