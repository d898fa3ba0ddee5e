package dev.convoy.driver.trial;

import dev.convoy.driver.termination.Assignment;
import dev.convoy.driver.termination.CurvePoint;
import dev.convoy.driver.training.Supervisor;
import java.util.List;

/** Trains trials. Called on several threads at once, for different trials. */
public interface Objective {
  /**
   * Trains a trial until it has so many epochs; goes on from where it was.
   *
   * @param epochs in full, or {@link Assignment#TO_ITS_END}
   * @param slot which of the slots for trials it has, counted from 0
   * @param oversight is asked between rounds
   * @throws AbortedException if the failure is not this trial's, and no other could do better
   */
  TrialResult train(Trial trial, int epochs, int slot, Oversight oversight);

  /**
   * Makes sure that the images are still those that a trial was trained on.
   *
   * @throws dev.convoy.driver.directory.ChangedImagesException if they are not
   */
  default void requireSameImages(Trial trained) {}

  /** How many workers a trial needs at once. */
  int workers(Trial trial);

  /** Decides whether a trial goes on. Called on the trial's thread. */
  @FunctionalInterface
  interface Oversight {
    /**
     * Decides.
     *
     * @param epochs trained in full
     * @param curve so far
     */
    Supervisor.Verdict judge(int epochs, List<CurvePoint> curve);
  }
}
