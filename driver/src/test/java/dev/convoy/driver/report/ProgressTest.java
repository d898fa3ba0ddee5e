package dev.convoy.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final Duration LONG = Duration.ofDays(1);
  private static final long SECONDS = 60;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private Progress progress(boolean terminal, Duration plainPause) {
    return new Progress(
        new PrintStream(written, true, StandardCharsets.UTF_8), terminal, plainPause, () -> 40);
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private static String longWork(Progress progress, int times) {
    return longWork(progress::during, times);
  }

  /** A way to show work. */
  private interface Shown {
    String during(String what, Supplier<String> detail, Supplier<String> work);
  }

  /** Work that goes on until its progress was asked for that many times. */
  private static String longWork(Shown progress, int times) {
    CountDownLatch asked = new CountDownLatch(times);
    return progress.during(
        "asking",
        () -> {
          asked.countDown();
          return "so many done";
        },
        () -> {
          try {
            return asked.await(SECONDS, TimeUnit.SECONDS) ? "done" : "never asked";
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
          }
        });
  }

  @Test
  void longWorkSaysHowFarItIsInPlainLines() {
    assertThat(longWork(progress(false, SHORT), 3)).isEqualTo("done");
    assertThat(text().lines().limit(3))
        .containsExactly("asking", "asking  so many done  0:00", "asking  so many done  0:00");
  }

  @Test
  void longWorkSaysHowFarItIsInOneLineOfATerminal() {
    assertThat(longWork(progress(true, LONG), 1)).isEqualTo("done");
    assertThat(text()).containsOnlyOnce(System.lineSeparator());
    assertThat(text()).endsWith("asking  0:00" + System.lineSeparator());
  }

  @Test
  void shortWorkIsOneLine() {
    assertThat(progress(false, LONG).during("asking", () -> "nothing", () -> 1)).isEqualTo(1);
    assertThat(text()).isEqualTo("asking" + System.lineSeparator());
  }

  @Test
  void workThatIsMostlyShortIsShownOnlyWhereItIsNot() {
    Progress plain = progress(false, LONG);
    assertThat(plain.<Integer>briefly("asking", () -> "nothing", () -> 1)).isEqualTo(1);
    assertThat(text()).isEmpty();
    assertThat(longWork(progress(false, SHORT)::briefly, 2)).isEqualTo("done");
    assertThat(text().lines().findFirst()).hasValue("asking  so many done  0:00");
  }

  @Test
  void nothingStaysOfSuchWorkOnATerminal() {
    Progress terminal = progress(true, LONG);
    assertThat(longWork(terminal::briefly, 1)).isEqualTo("done");
    terminal.say("next");
    assertThat(text())
        .doesNotContain("asking" + System.lineSeparator())
        .endsWith("next" + System.lineSeparator());
    String drawn = text();
    int last = drawn.lastIndexOf("asking");
    assertThat(last < 0 ? drawn : drawn.substring(drawn.indexOf("\r", last)))
        .as("what was drawn is cleared before more is said")
        .contains(last < 0 ? "next" : "\r\u001b[Knext");
  }

  @Test
  void notEveryStepIsShown() {
    Progress progress = progress(false, LONG);
    progress.live(() -> LiveLine.of(List.of("first")));
    progress.live(() -> LiveLine.of(List.of("second")));
    assertThat(text()).isEqualTo("first" + System.lineSeparator());
  }

  @Test
  void nothingComesAfterTheLast() {
    Progress progress = progress(false, SHORT);
    progress.sayLast("the end");
    progress.say("more");
    assertThat(longWork(progress, 2)).isEqualTo("done");
    assertThat(text()).isEqualTo("the end" + System.lineSeparator());
  }

  @Test
  void aLineOnATerminalIsNeverWiderThanIt() {
    Progress progress = progress(true, LONG);
    progress.round(new Progress.Round(10, 100, 120, 1200, 0.12345, 12345, 3723));
    assertThat(text()).isEqualTo("\r\u001b[Kepoch 10/100  loss 0.1235  1:02:03 left");
  }

  @Test
  void thereIsNoEscapeCodeWhereThereIsNoTerminal() {
    Progress progress = progress(false, SHORT);
    progress.round(new Progress.Round(10, 100, 120, 1200, 0.12345, 12345, 3723));
    assertThat(text())
        .isEqualTo(
            "epoch 10/100  round 120/1200  loss 0.1235  12345 images/s  1:02:03 left"
                + System.lineSeparator());
  }

  @Test
  void passwordsOfUrlsAreNotShown() {
    progress(false, SHORT).say("reading ftp://me:hunter2@host/images");
    assertThat(text()).doesNotContain("hunter2").contains("ftp://me:");
  }
}
