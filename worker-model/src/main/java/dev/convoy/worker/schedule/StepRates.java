package dev.convoy.worker.schedule;

import java.util.OptionalDouble;

/**
 * What schedules give to one step, and which step it is.
 *
 * @param learningRate of the step, at least 0
 * @param momentum of the step; empty for the optimizer's own
 * @param step of the run, counted from 0
 * @param epoch that the step is in, counted from 0
 */
public record StepRates(double learningRate, OptionalDouble momentum, long step, int epoch) {
  /** In the first epoch. */
  public StepRates(double learningRate, OptionalDouble momentum, long step) {
    this(learningRate, momentum, step, 0);
  }

  /** A rate, and the optimizer's own momentum; in the first step. */
  public static StepRates of(double learningRate) {
    return new StepRates(learningRate, OptionalDouble.empty(), 0);
  }
}
