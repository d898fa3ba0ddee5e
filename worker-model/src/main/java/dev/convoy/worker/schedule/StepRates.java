package dev.convoy.worker.schedule;

import java.util.OptionalDouble;

/**
 * What schedules give to one step.
 *
 * @param learningRate of the step, at least 0
 * @param momentum of the step; empty for the optimizer's own
 */
public record StepRates(double learningRate, OptionalDouble momentum) {
  /** A rate, and the optimizer's own momentum. */
  public static StepRates of(double learningRate) {
    return new StepRates(learningRate, OptionalDouble.empty());
  }
}
