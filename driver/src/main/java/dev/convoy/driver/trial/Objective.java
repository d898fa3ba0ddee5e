package dev.convoy.driver.trial;

import java.util.List;
import java.util.OptionalDouble;

/** What is done with a trial. Called on several threads at once, for different trials. */
public interface Objective {
  /**
   * Trains a trial until it has so many epochs; goes on from where it was.
   *
   * @param epochs in full, or {@link Assignment#TO_ITS_END}
   * @param place which of those for trials it has, counted from 0
   * @param oversight is asked and told between rounds
   * @throws AbortedException if the failure is not this trial's, and no other could do better
   */
  TrialResult pursue(Trial trial, int epochs, int place, Oversight oversight);

  /** How many workers a trial needs at once. */
  int workers(Trial trial);

  /** The loop's word while a trial is trained. Called on the trial's thread. */
  interface Oversight {
    /** Whether to suspend the trial now. */
    boolean isOver();

    /** Whether to end a trial with this learning curve. */
    boolean ends(List<TrialResult.CurvePoint> curve);

    /** How far the trial is. */
    void report(int epochs, OptionalDouble best);
  }
}
