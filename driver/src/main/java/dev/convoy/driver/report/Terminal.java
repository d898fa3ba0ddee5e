package dev.convoy.driver.report;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** The terminal that messages go to, if they go to one. Driver only. */
public final class Terminal {
  /** What is taken for the width where it cannot be found out. */
  static final int USUAL_COLUMNS = 80;

  private static final File DEVICE = new File("/dev/tty");
  private static final long SECONDS_TO_ANSWER = 2;
  private static final long NANOS_BETWEEN_QUESTIONS = 1_000_000_000L;

  private Terminal() {}

  /** Whether lines can be overwritten where messages go; the launcher says whether it is one. */
  public static boolean isPresent() {
    String kind = System.getenv("TERM");
    return Boolean.getBoolean("convoy.terminal") && kind != null && !kind.equals("dumb");
  }

  /** Its width in columns, which is looked at again every second: terminals are resized. */
  static IntSupplier columns() {
    return new IntSupplier() {
      private long asked;
      private int columns = -1;

      @Override
      public synchronized int getAsInt() {
        long now = System.nanoTime();
        if (columns < 0 || now - asked > NANOS_BETWEEN_QUESTIONS) {
          columns = ask();
          asked = now;
        }
        return columns;
      }
    };
  }

  private static int ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(DEVICE)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(SECONDS_TO_ANSWER, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return USUAL_COLUMNS;
      }
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return columns(size);
    } catch (IOException e) {
      return USUAL_COLUMNS;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL_COLUMNS;
    }
  }

  /** The second of two numbers; terminals that do not know say 0. */
  static int columns(String size) {
    String[] numbers = size.strip().split(" ", -1);
    boolean isKnown = numbers.length == 2 && numbers[1].matches("[1-9]\\d{0,4}");
    return isKnown ? Integer.parseInt(numbers[1]) : USUAL_COLUMNS;
  }
}
