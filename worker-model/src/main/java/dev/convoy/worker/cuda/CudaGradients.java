package dev.convoy.worker.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Gradients of a network's values, while the backward steps of a plan are built. */
final class CudaGradients {
  private final CudaPlan plan;
  private final Set<String> unwanted;
  private final Map<String, DeviceTensor> byValue = new HashMap<>();

  /**
   * Has none yet.
   *
   * @param unwanted values whose gradient nobody needs: the images, and what is settled
   */
  CudaGradients(CudaPlan plan, Set<String> unwanted) {
    this.plan = plan;
    this.unwanted = unwanted;
  }

  /** Whether a value's gradient is needed at all. */
  boolean areWanted(String value) {
    return !unwanted.contains(value);
  }

  /** Adds to a value's gradient what comes from one of its users. */
  void add(String value, DeviceTensor contribution) {
    if (areWanted(value)) {
      byValue.merge(
          value, contribution, (known, more) -> plan.sum(known, plan.inType(more, known.type())));
    }
  }

  /** Whether anything was added to a value's gradient. */
  boolean hold(String value) {
    return byValue.containsKey(value);
  }

  /** A value's complete gradient. */
  DeviceTensor take(String value) {
    return byValue.remove(value);
  }
}
