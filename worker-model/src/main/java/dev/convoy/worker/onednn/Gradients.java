package dev.convoy.worker.onednn;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Gradients of a network's values, while the backward steps of a plan are built. */
final class Gradients {
  private final Plan plan;
  private final Set<String> unwanted;
  private final Map<String, Tensor> byValue = new HashMap<>();

  /**
   * Has none yet.
   *
   * @param unwanted values whose gradient nobody needs: the images
   */
  Gradients(Plan plan, Set<String> unwanted) {
    this.plan = plan;
    this.unwanted = unwanted;
  }

  /** Whether a value's gradient is needed at all. */
  boolean areWanted(String value) {
    return !unwanted.contains(value);
  }

  /** Adds to a value's gradient what comes from one of its users. */
  void add(String value, Tensor contribution) {
    byValue.merge(
        value, contribution, (known, more) -> plan.sum(known, plan.inLayout(more, known.layout())));
  }

  /** A value's complete gradient. */
  Tensor take(String value) {
    return byValue.remove(value);
  }
}
