package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What tests of experiments have in common: a file of their own, and overrides. */
abstract class ExperimentFileTest {
  @TempDir Path directory;

  RunConfiguration read(String file, String... overrides) throws IOException {
    Path experiment = Files.writeString(directory.resolve("experiment.conf"), file);
    return ConfigurationReader.read(experiment.toString(), Arrays.asList(overrides));
  }

  List<String> problems(String file, String... overrides) {
    return catchThrowableOfType(ConfigurationException.class, () -> read(file, overrides))
        .problems();
  }
}
