package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.driver.report.Plot;
import java.util.ArrayList;
import java.util.List;

/**
 * What a check has come to.
 *
 * @param state in a word
 * @param figure what was seen
 * @param expected what it was compared with
 * @param advice what to do; empty if nothing was found
 * @param plots that show it
 */
record Verdict(State state, String figure, String expected, String advice, List<Plot> plots) {
  /** In a word. */
  enum State {
    /** As it should be. */
    OK("ok"),
    /** Probably a mistake. */
    FOUND("found"),
    /** So small a sample cannot tell. */
    UNCLEAR("unclear");

    private final String word;

    State(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** Copies the plots. */
  Verdict {
    plots = List.copyOf(plots);
  }

  /**
   * A verdict on a figure.
   *
   * @param fits whether the figure is as expected
   * @param advice what to do if it does not fit
   */
  static Verdict of(boolean fits, String figure, String expected, String advice) {
    return new Verdict(
        fits ? State.OK : State.FOUND, figure, expected, fits ? "" : advice, List.of());
  }

  /** One that cannot be given, and why. */
  static Verdict unclear(String figure, String expected) {
    return new Verdict(State.UNCLEAR, figure, expected, "", List.of());
  }

  /** The same with one more plot. */
  Verdict with(Plot plot) {
    List<Plot> all = new ArrayList<>(plots);
    all.add(plot);
    return new Verdict(state, figure, expected, advice, all);
  }

  boolean isFound() {
    return state == State.FOUND;
  }

  /** One line for a person or a script. */
  String line(String check) {
    String line = Text.of("%-7s  %-15s  %s (expected %s)", state.word(), check, figure, expected);
    return advice.isEmpty() ? line : line + " -> " + advice;
  }
}
