package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InterruptionTest {
  @Test
  void theExitCodeTellsOfTheSignal() {
    assertThat(Interruption.exitCode(Stream.of("main", "SIGINT handler"))).hasValue(130);
    assertThat(Interruption.exitCode(Stream.of("SIGTERM handler", "main"))).hasValue(143);
  }

  @Test
  void aProcessThatEndsByItselfKeepsItsOwn() {
    assertThat(Interruption.exitCode(Stream.of("main", "SIGHUP handler", "shutdown-hook-0")))
        .isEmpty();
  }
}
