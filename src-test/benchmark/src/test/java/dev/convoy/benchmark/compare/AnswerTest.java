package dev.convoy.benchmark.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
  @Test
  void aPeerSaysWhatItIs() {
    assertThat(Answer.parse("ready 272474 1000000 PyTorch 1.13.0, libopenblas.so"))
        .contains(new Answer.Ready(272_474, 1_000_000, "PyTorch 1.13.0, libopenblas.so"));
  }

  @Test
  void theSpeedsOfReplicasAreAdded() {
    assertThat(Answer.parse("ran 640 2.0")).contains(new Answer.Ran(320));
    assertThat(Answer.parse("ran 640 2.0 600 2.5")).contains(new Answer.Ran(320 + 240));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ready",
        "ready steady go",
        "ready 5 0",
        "ran",
        "ran away",
        "ran 5",
        "ran 5 1.0 6",
        "ran 5 1,0",
        "loading libnd4j"
      })
  void whatLibrariesPrintIsNoAnswer(String line) {
    assertThat(Answer.parse(line)).isEmpty();
  }
}
