package dev.convoy.worker.optimizer;

import java.util.List;
import java.util.OptionalDouble;

/** A rule that keeps a velocity and nothing else, and a share of it from step to step. */
abstract class VelocityRule implements Optimizer {
  private final double momentum;

  /**
   * A rule.
   *
   * @param momentum the share that is kept, in [0, 1)
   */
  VelocityRule(double momentum) {
    this.momentum = momentum;
  }

  @Override
  public final List<String> arrays() {
    return List.of("velocity");
  }

  @Override
  public final OptionalDouble momentum() {
    return OptionalDouble.of(momentum);
  }
}
