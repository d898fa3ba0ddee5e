package dev.convoy.worker.optimizer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An update rule: what a step takes off the parameters, given their gradient. Immutable and
 * thread-safe; whoever holds the parameters holds the rule's state, too, and hands both in.
 *
 * <p>What becomes of a value follows from that value's gradient, state and segment in plain Java
 * arithmetic, so that it is the same on every processor and wherever the value lies.
 */
public interface Optimizer {
  /**
   * Names of the arrays that the rule keeps between steps, one value a parameter; zeros at first.
   */
  default List<String> arrays() {
    return List.of();
  }

  /** Names of the numbers that the rule keeps between steps; zeros at first. */
  default List<String> scalars() {
    return List.of();
  }

  /**
   * Begins a step.
   *
   * @param scalars the numbers that the rule keeps, to be changed in place. Where the states of
   *     several workers were averaged, so were they: a count of steps need not be whole.
   */
  default void begin(double[] scalars) {}

  /**
   * The share of past steps or gradients that is kept, which a schedule may change from step to
   * step: a momentum, or Adam's beta1. Empty if the rule keeps none.
   */
  default OptionalDouble momentum() {
    return OptionalDouble.empty();
  }

  /**
   * Whether the rule takes {@link SegmentStep#weightDecay()} off by itself; otherwise it is taken
   * off beside the rule.
   */
  default boolean decaysWeights() {
    return false;
  }

  /** The change that a step makes in one segment; never a running statistic. */
  Change change(SegmentStep step);

  /**
   * The same change where it is computed by a kernel of a device; empty if the rule has none, and
   * is computed by the host.
   */
  default Optional<DeviceChange> deviceChange(SegmentStep step) {
    return Optional.empty();
  }

  /** How the values of a segment change. */
  @FunctionalInterface
  interface Change {
    /**
     * Replaces gradients by what is to be taken off the parameters.
     *
     * @param parameters some of the segment's, one after another; not changed
     * @param gradient of these, with penalties
     * @param state of these, one array for each of {@link #arrays()}; changed
     * @param count of values; the arrays may be longer
     */
    void apply(float[] parameters, float[] gradient, float[][] state, int count);
  }
}
