package dev.convoy.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.report.LiveLine.Field;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveLineTest {
  private static final LiveLine LINE =
      new LiveLine(
          List.of(
              new Field("trials 3/20", 6),
              new Field("running 4: epoch 3, 5: epoch 1", 2),
              new Field("best validation-accuracy 0.9123 (trial 2)", 4),
              new Field("12 epochs", 1),
              new Field("0:35", 3),
              new Field("about 1:02 left", 5)));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | trials 3/20  running 4: epoch 3, 5: epoch 1  best validation-accuracy 0.9123 (trial 2)  12 epochs  0:35  about 1:02 left",
        "80 | trials 3/20  best validation-accuracy 0.9123 (trial 2)  0:35  about 1:02 left",
        "72 | trials 3/20  best validation-accuracy 0.9123 (trial 2)  about 1:02 left",
        "60 | trials 3/20  about 1:02 left",
        "40 | trials 3/20  about 1:02 left",
        "20 | trials 3/20",
        "8 | trials …"
      })
  void theLeastImportantFieldsAreLeftOut(int columns, String expected) {
    assertThat(LINE.fitted(columns)).isEqualTo(expected);
  }

  @Test
  void noWidthIsExceeded() {
    for (int columns = 0; columns <= 140; columns++) {
      assertThat(TerminalText.columns(LINE.fitted(columns))).isLessThanOrEqualTo(columns);
      assertThat(
              TerminalText.columns(LINE.fittedAfter("reading 写真 🚢🚢 of /data/ünïcödé", columns)))
          .isLessThanOrEqualTo(columns);
    }
  }

  @Test
  void whatALineIsAboutIsCutRatherThanHowFarItIs() {
    LiveLine state = LiveLine.of(List.of("12 of 90 done", "0:05"));
    assertThat(state.fittedAfter("reading 5,400 images of /my/photos into 4 shards", 40))
        .isEqualTo("reading 5,400 imag…  12 of 90 done  0:05")
        .satisfies(line -> assertThat(TerminalText.columns(line)).isEqualTo(40));
    assertThat(state.fittedAfter("reading", 15)).isEqualTo("12 of 90 done");
  }

  @ParameterizedTest
  @CsvSource({"abc, 3", "写真, 4", "é, 1", "e\u0301, 1", "🚢, 2", "a\u200Db, 2", "…, 1", "한글, 4"})
  void aTextIsAsWideAsATerminalShowsIt(String text, int columns) {
    assertThat(TerminalText.columns(text)).isEqualTo(columns);
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() {
    assertThat(LiveLine.of(List.of("a\nb\u001b[2Jc\r")).fitted(80)).isEqualTo("a?b?[2Jc?");
  }

  @ParameterizedTest
  @CsvSource({"24 80, 80", "50 132, 132", "0 0, 80", "'', 80", "garbage, 80"})
  void theWidthIsWhatSttySays(String size, int columns) {
    assertThat(Terminal.columns(size)).isEqualTo(columns);
  }
}
