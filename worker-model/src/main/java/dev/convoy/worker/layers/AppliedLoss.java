package dev.convoy.worker.layers;

import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.model.layer.DerivedLoss;

/** A loss of Convoy's that takes the place of a layer's for a while; it is never saved. */
final class AppliedLoss extends DerivedLoss {
  private static final long serialVersionUID = 1L;

  private final transient Loss loss;
  private final double factor;

  AppliedLoss(Loss loss, double factor) {
    this.loss = loss;
    this.factor = factor;
  }

  @Override
  public Loss loss() {
    return loss;
  }

  @Override
  public double factor() {
    return factor;
  }

  @Override
  public String name() {
    return loss.toString();
  }
}
