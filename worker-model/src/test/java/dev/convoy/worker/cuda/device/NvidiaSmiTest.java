package dev.convoy.worker.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A program that does not answer as nvidia-smi does when all is well. */
@DisabledOnOs(OS.WINDOWS)
class NvidiaSmiTest {
  private static final String LINE = "0, GPU-11aa, 00000000:81:00.0";

  @TempDir private Path directory;

  private static NvidiaSmi running(String script, Duration patience) {
    return new NvidiaSmi(List.of("sh", "-c", script), patience);
  }

  @Test
  void oneThatDoesNotEndIsNotWaitedFor() {
    NvidiaSmi hanging = running("echo '" + LINE + "'; exec sleep 600", Duration.ofMillis(1));
    assertThat(hanging.place("0")).isEmpty();
  }

  @Test
  void oneThatFailsIsAskedAgainAndOneThatAnswersIsNot() throws Exception {
    Path asked = directory.resolve("asked");
    NvidiaSmi smi =
        running(
            "echo once >> 'ASKED'; echo 'LINE'; test $(wc -l < 'ASKED') -gt 1"
                .replace("ASKED", asked.toString())
                .replace("LINE", LINE),
            Duration.ofMinutes(1));
    assertThat(smi.place("0")).isEmpty();
    assertThat(smi.place("0")).hasValue(PciId.parse("0000:81:00.0").orElseThrow());
    assertThat(smi.place("GPU-11aa")).isPresent();
    assertThat(Files.readAllLines(asked)).hasSize(2);
  }

  @Test
  void oneThatIsNotThereKnowsNoCard() {
    NvidiaSmi none =
        new NvidiaSmi(List.of(directory.resolve("none").toString()), Duration.ofMinutes(1));
    assertThat(none.place("0")).isEmpty();
  }
}
