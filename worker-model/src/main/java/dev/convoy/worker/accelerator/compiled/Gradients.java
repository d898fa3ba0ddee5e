package dev.convoy.worker.accelerator.compiled;

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

  /**
   * Adds to a value's gradient what comes from one of its users.
   *
   * @param contribution one of its holds goes over to this object
   */
  void add(String value, Tensor contribution) {
    Tensor known = byValue.get(value);
    if (known == null) {
      byValue.put(value, contribution);
      return;
    }
    Tensor summand = plan.inLayout(contribution, known.layout());
    plan.release(contribution);
    Tensor sum = known;
    Tensor other = summand;
    if (!sum.buffer().isHeldOnce()) {
      sum = summand;
      other = known;
    }
    if (sum.buffer().isHeldOnce()) {
      plan.accumulate(sum, other);
      plan.release(other);
    } else {
      sum = plan.sum(known, summand);
      plan.release(known);
      plan.release(summand);
    }
    byValue.put(value, sum);
  }

  /** A value's complete gradient, which goes over to the caller. */
  Tensor take(String value) {
    return byValue.remove(value);
  }
}
