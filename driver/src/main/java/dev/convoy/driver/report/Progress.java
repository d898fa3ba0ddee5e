package dev.convoy.driver.report;

import dev.convoy.data.Text;
import dev.convoy.driver.configuration.Secrets;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Progress on a stream: a live line on a terminal; elsewhere plain lines, one for every evaluation
 * and at most one every ten seconds in between.
 */
public final class Progress {
  private static final Duration PLAIN_PAUSE = Duration.ofSeconds(10);
  private static final Duration LIVE_PAUSE = Duration.ofMillis(100);
  private static final Duration CLOCK_PAUSE = Duration.ofSeconds(1);
  private static final String CLEAR_LINE = "\r\u001b[K";

  private static final PrintStream NOBODY =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private final PrintStream out;
  private final boolean terminal;
  private final Duration plainPause;
  private final IntSupplier columns;
  private boolean live;
  private boolean ended;
  private long lastLive;

  /**
   * Progress on a stream.
   *
   * @param terminal whether a line can be overwritten there
   */
  public Progress(PrintStream out, boolean terminal) {
    this(out, terminal, PLAIN_PAUSE, Terminal.columns());
  }

  /** With another pause between plain lines, and a terminal of so many columns. */
  Progress(PrintStream out, boolean terminal, Duration plainPause, IntSupplier columns) {
    this.columns = columns;
    this.out = out;
    this.terminal = terminal;
    this.plainPause = plainPause;
    this.lastLive = System.nanoTime() - livePause().toNanos();
  }

  /** Progress that nobody sees. */
  public static Progress none() {
    return new Progress(NOBODY, false);
  }

  /** Whether anybody may see it. */
  public boolean isShown() {
    return out != NOBODY;
  }

  /**
   * The result of a round.
   *
   * @param epoch counted from 1
   * @param epochs in the run
   * @param round counted from 1, in the epoch
   * @param rounds in an epoch
   * @param loss mean over the round's examples, in nats
   * @param imagesPerSecond of the round
   * @param secondsLeft if nothing stops the run early
   */
  public record Round(
      int epoch,
      int epochs,
      int round,
      int rounds,
      double loss,
      double imagesPerSecond,
      double secondsLeft) {}

  /** Says something last; nothing is shown after it. */
  public synchronized void sayLast(String message) {
    say(message);
    ended = true;
  }

  /** Says something that stays. */
  public synchronized void say(String message) {
    if (ended) {
      return;
    }
    clear();
    out.println(Secrets.withoutPasswords(message));
    out.flush();
  }

  /** Shows a round. */
  public void round(Round round) {
    live(
        () ->
            new LiveLine(
                List.of(
                    field(5, "epoch %d/%d", round.epoch(), round.epochs()),
                    field(2, "round %d/%d", round.round(), round.rounds()),
                    field(3, "loss %.4f", round.loss()),
                    field(1, "%.0f images/s", round.imagesPerSecond()),
                    field(4, "%s left", duration(round.secondsLeft())))));
  }

  private static LiveLine.Field field(int importance, String format, Object... values) {
    return new LiveLine.Field(Text.of(format, values), importance);
  }

  private Duration livePause() {
    return terminal ? LIVE_PAUSE : plainPause;
  }

  /** Shows how far something is; not every time, so that nothing drowns. */
  public synchronized void live(Supplier<LiveLine> line) {
    long now = System.nanoTime();
    if (ended || now - lastLive < livePause().toNanos()) {
      return;
    }
    lastLive = now;
    if (terminal) {
      draw(line.get().fitted(width()));
    } else {
      out.println(Secrets.withoutPasswords(line.get().text()));
    }
    out.flush();
  }

  /** What is in the last column makes some terminals go on to the next line. */
  private int width() {
    return Math.max(1, columns.getAsInt() - 1);
  }

  private void draw(String fitted) {
    out.print(CLEAR_LINE + Secrets.withoutPasswords(fitted));
    live = true;
  }

  /**
   * Says what is being done while work of unknown length goes on, with the time it has taken so
   * far: every second on a terminal, else at the beginning and every ten seconds.
   *
   * @param what such as {@code reading 600 images}
   * @param detail how far it is, asked for by another thread; may be empty
   */
  public <T> T during(String what, Supplier<String> detail, Supplier<T> work) {
    long start = System.nanoTime();
    if (!terminal) {
      say(what);
    }
    try {
      return ticking(what, detail, start, work);
    } finally {
      if (terminal) {
        say(what + "  " + elapsed(start));
      }
    }
  }

  /**
   * The same where the work is mostly over at once: nothing of it stays on a terminal, and
   * elsewhere nothing is said in the first ten seconds.
   */
  public <T> T briefly(String what, Supplier<String> detail, Supplier<T> work) {
    try {
      return ticking(what, detail, System.nanoTime(), work);
    } finally {
      endLine();
    }
  }

  private synchronized void endLine() {
    if (!ended) {
      clear();
      out.flush();
    }
  }

  private <T> T ticking(String what, Supplier<String> detail, long start, Supplier<T> work) {
    Thread ticker =
        new Thread(
            () -> {
              try {
                while (true) {
                  if (terminal || System.nanoTime() - start >= plainPause.toNanos()) {
                    tick(what, List.of(detail.get(), elapsed(start)));
                  }
                  Thread.sleep((terminal ? CLOCK_PAUSE : plainPause).toMillis());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "convoy-progress");
    ticker.setDaemon(true);
    ticker.start();
    try {
      return work.get();
    } finally {
      ticker.interrupt();
    }
  }

  private static String elapsed(long start) {
    return duration((System.nanoTime() - start) / 1e9);
  }

  private synchronized void tick(String what, List<String> state) {
    if (ended || Thread.currentThread().isInterrupted()) {
      return;
    }
    LiveLine rest = LiveLine.of(state);
    if (terminal) {
      draw(rest.fittedAfter(what, width()));
    } else {
      out.println(Secrets.withoutPasswords(rest.after(what)));
    }
    out.flush();
  }

  private void clear() {
    if (live) {
      out.print(CLEAR_LINE);
      live = false;
    }
  }

  /** Seconds as 1:02:03 or 2:03. */
  public static String duration(double seconds) {
    Duration duration = Duration.ofSeconds(Math.max(0, Math.round(seconds)));
    return duration.toHours() > 0
        ? Text.of(
            "%d:%02d:%02d", duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart())
        : Text.of("%d:%02d", duration.toMinutes(), duration.toSecondsPart());
  }
}
