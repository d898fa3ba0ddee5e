package dev.convoy.benchmark.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.search.SearchRecord.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchRecordTest {
  /** Two trials at once, of which the first pauses and goes on, and the third diverges. */
  private static final List<String> LINES =
      List.of(
          begun(0, 0, 0, 0.01),
          begun(1, 0, 0, 0.02),
          ended(0, "paused", 0, 0.5, 1, 2.0),
          begun(2, 0, 1, 2.1),
          ended(1, "paused", 0, 0.4, 2, 2.5),
          begun(0, 1, 2, 2.6),
          "{\"trial\":2,\"state\":\"diverged\",\"rung\":0,\"epochs\":1,"
              + "\"elapsed-seconds\":3.0,\"epochs-spent\":3}",
          ended(0, "completed", 1, 0.7, 5, 6.5));

  private static String begun(int trial, int rung, int epochsSpent, double seconds) {
    return String.format(
        Locale.ROOT,
        "{\"trial\":%d,\"state\":\"running\",\"rung\":%d,\"elapsed-seconds\":%s,\"epochs-spent\":%d}",
        trial,
        rung,
        seconds,
        epochsSpent);
  }

  private static String ended(
      int trial, String state, int rung, double accuracy, int epochsSpent, double seconds) {
    return String.format(
        Locale.ROOT,
        "{\"trial\":%d,\"state\":\"%s\",\"rung\":%d,\"validation-accuracy\":%s,"
            + "\"elapsed-seconds\":%s,\"epochs-spent\":%d}",
        trial,
        state,
        rung,
        accuracy,
        seconds,
        epochsSpent);
  }

  @Test
  void itTellsTheStepsTheTrialsTheEpochsAndTheTime() throws Exception {
    assertThat(SearchRecord.of(LINES))
        .isEqualTo(new SearchRecord(List.of(new Step(1, 0.5), new Step(5, 0.7)), 3, 5, 6.5));
  }

  @Test
  void theBestStaysUntilThereIsABetter() throws Exception {
    SearchRecord journal = SearchRecord.of(LINES);
    assertThat(journal.bestAfter(0)).isEmpty();
    assertThat(journal.bestAfter(1)).hasValue(0.5);
    assertThat(journal.bestAfter(4)).hasValue(0.5);
    assertThat(journal.bestAfter(5)).hasValue(0.7);
    assertThat(journal.best()).hasValue(0.7);
  }

  @Test
  void whatIsNeverReachedIsInfinite() throws Exception {
    SearchRecord journal = SearchRecord.of(LINES);
    assertThat(journal.epochsToReach(0.5)).isEqualTo(1);
    assertThat(journal.epochsToReach(0.6)).isEqualTo(5);
    assertThat(journal.epochsToReach(0.8)).isInfinite();
  }

  @Test
  void withoutAResultThereIsNoBest() throws Exception {
    assertThat(SearchRecord.of(LINES.subList(0, 2)).best()).isEmpty();
  }

  @Test
  void aLineThatSaysNothingIsNamed(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("trials.jsonl");
    Files.write(file, List.of(LINES.get(0), "{\"trial\":0,\"elapsed-seconds\":1}"));
    assertThatExceptionOfType(BenchmarkException.class)
        .isThrownBy(() -> SearchRecord.read(directory))
        .withMessage(
            "Cannot read %s: expected a number as epochs-spent in line 2. Remove %s and measure again.",
            file, directory);
    Files.write(file, List.of("garbage"));
    assertThatExceptionOfType(BenchmarkException.class)
        .isThrownBy(() -> SearchRecord.read(directory))
        .withMessageContaining("expected a JSON object in line 1");
  }

  @Test
  void aDirectoryWithoutAJournalIsNamed(@TempDir Path directory) {
    assertThatExceptionOfType(BenchmarkException.class)
        .isThrownBy(() -> SearchRecord.read(directory))
        .withMessageContaining("expected the journal of a search, found no such file");
  }
}
