package dev.convoy.driver.termination;

import java.util.Comparator;

/**
 * The result of an assignment, as a scheduler sees it.
 *
 * @param trial which
 * @param score lower is better; infinite if there is none
 * @param canGoOn whether the trial is paused at its rung, rather than ended
 */
public record RungResult(int trial, double score, boolean canGoOn) {
  /** Best first; the earlier trial where two are equal. */
  static final Comparator<RungResult> BEST_FIRST =
      Comparator.comparingDouble(RungResult::score).thenComparingInt(RungResult::trial);
}
