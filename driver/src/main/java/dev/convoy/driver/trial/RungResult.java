package dev.convoy.driver.trial;

import java.util.Comparator;

/**
 * What an assignment came to, as far as it decides what follows.
 *
 * @param trial which
 * @param score lower is better; infinite if there is none
 * @param canGoOn whether the trial waits at its rung, rather than having come to its end
 */
public record RungResult(int trial, double score, boolean canGoOn) {
  /** Best first; the earlier trial where two are equal. */
  static final Comparator<RungResult> BEST_FIRST =
      Comparator.comparingDouble(RungResult::score).thenComparingInt(RungResult::trial);
}
