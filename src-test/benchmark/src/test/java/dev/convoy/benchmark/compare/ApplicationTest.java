package dev.convoy.benchmark.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.convoy.benchmark.BenchmarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationTest {
  @TempDir private Path home;
  private Path log;

  @BeforeEach
  void findLog() {
    log = home.resolve("logs/run.log");
  }

  private Application application(String script) throws Exception {
    Path launcher = home.resolve("submit-scripts/convoy");
    Files.createDirectories(launcher.getParent());
    Files.writeString(launcher, "#!/bin/sh\n" + script + "\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    return new Application(new Installation(home, home, Optional.empty()), 1);
  }

  @Test
  void theCommandIsGivenAndItsMessagesAreKept() throws Exception {
    double seconds = application("echo \"$@\"; sleep 0.1").run(log, List.of("search", "a=b c"));
    assertThat(seconds).isBetween(0.1, 60.0);
    assertThat(log).hasContent("search a=b c");
  }

  @Test
  void whyItFailedIsSaid() throws Exception {
    Application application =
        application("echo starting; echo 'data.train: expected a directory' >&2; exit 3");
    assertThatExceptionOfType(BenchmarkException.class)
        .isThrownBy(() -> application.run(log, List.of("search")))
        .withMessage(
            "Cannot measure convoy search: expected exit code 0, found 3: data.train: expected a"
                + " directory (all of its messages: %s)",
            log);
  }

  @Test
  void pathsAreQuoted() {
    assertThat(Application.override("output", Path.of("/a b/c\"d")))
        .isEqualTo("output=\"/a b/c\\\"d\"");
  }
}
