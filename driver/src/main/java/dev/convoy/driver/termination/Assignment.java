package dev.convoy.driver.termination;

/**
 * A piece of work: train a trial until it has so many epochs.
 *
 * @param trial counted from 0
 * @param rung of the scheduler, counted from 0
 * @param epochs in full; {@link #TO_ITS_END} for as many as the trial's own configuration says
 * @param commitment epochs, at most, that all is bound to once this begins: those of a whole
 *     bracket with its first piece
 */
public record Assignment(int trial, int rung, int epochs, long commitment) {
  /** As many epochs as the trial's own configuration says. */
  public static final int TO_ITS_END = Integer.MAX_VALUE;
}
