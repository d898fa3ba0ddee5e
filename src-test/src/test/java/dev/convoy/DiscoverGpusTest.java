package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code submit-scripts/discover-gpus}, with an nvidia-smi that a test writes. */
class DiscoverGpusTest {
  @TempDir private Path programs;

  @ParameterizedTest
  @CsvSource({
    "echo 0; echo 3, '[\"0\",\"3\"]'",
    "echo 7, '[\"7\"]'",
    "exit 9, []",
    "echo 'No devices were found', []",
    "echo 'Unable to determine the device handle'; exit 15, []"
  })
  void gpusAreToldAsSparkReadsThem(String nvidiaSmi, String addresses) throws Exception {
    Path program = programs.resolve("nvidia-smi");
    Files.writeString(program, "#!/bin/sh\n" + nvidiaSmi + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    JsonNode told = discovered();
    assertThat(told.path("name").asText()).isEqualTo("gpu");
    assertThat(told.path("addresses")).isEqualTo(new ObjectMapper().readTree(addresses));
  }

  @Test
  void whereNothingListsGpusThereAreNone() throws Exception {
    assertThat(discovered())
        .isEqualTo(new ObjectMapper().readTree("{\"name\":\"gpu\",\"addresses\":[]}"));
  }

  private JsonNode discovered() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(Application.home().resolve("submit-scripts/discover-gpus").toString())
            .redirectErrorStream(true);
    // Without this machine's own nvidia-smi.
    for (String tool : new String[] {"sh", "sed", "paste"}) {
      Path link = programs.resolve(tool);
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, found(tool));
      }
    }
    builder.environment().put("PATH", programs.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines()).hasSize(1);
    return new ObjectMapper().readTree(output);
  }

  private static Path found(String tool) {
    for (String directory : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, tool))) {
        return Path.of(directory, tool);
      }
    }
    throw new AssertionError("expected " + tool + " in PATH, found none");
  }
}
