package dev.convoy.driver.termination;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The numbers of epochs at which trials are compared, ascending; the last is a trial's end.
 *
 * @param epochs at least one, each at least 1
 */
public record Rungs(List<Integer> epochs) {
  /** Copies. */
  public Rungs {
    epochs = List.copyOf(epochs);
  }

  /** No comparison before the end. */
  public static Rungs none(int maxEpochs) {
    return new Rungs(List.of(maxEpochs));
  }

  /** R, R/η, R/η², … as long as they are not below the minimum (Li et al., JMLR 2018). */
  public static Rungs geometric(int minEpochs, int maxEpochs, int reductionFactor) {
    Deque<Integer> epochs = new ArrayDeque<>();
    double epoch = maxEpochs;
    while (Math.round(epoch) >= minEpochs && Math.round(epoch) >= 1) {
      if (epochs.isEmpty() || Math.round(epoch) < epochs.peekFirst()) {
        epochs.addFirst((int) Math.round(epoch));
      }
      epoch /= reductionFactor;
    }
    return epochs.isEmpty() ? none(maxEpochs) : new Rungs(List.copyOf(epochs));
  }

  /** How many there are. */
  public int count() {
    return epochs.size();
  }

  /** Whether trials end there. */
  public boolean isLast(int rung) {
    return rung == epochs.size() - 1;
  }

  /** Until when a trial is trained to reach a rung. */
  public int until(int rung) {
    return isLast(rung) ? Assignment.TO_ITS_END : epochs.get(rung);
  }

  /** Epochs from the rung before, or from the beginning if it starts here. */
  public int increment(int rung, int firstRung) {
    return epochs.get(rung) - (rung > firstRung ? epochs.get(rung - 1) : 0);
  }
}
