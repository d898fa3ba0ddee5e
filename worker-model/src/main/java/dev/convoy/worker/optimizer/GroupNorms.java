package dev.convoy.worker.optimizer;

import dev.convoy.worker.optimizer.Segment.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a step did to each group of layers, small enough to travel with a round's result; or the
 * mean of several such. Immutable.
 */
public final class GroupNorms {
  private static final List<LayerGroup> GROUPS = List.of(LayerGroup.values());

  private final float[] values;

  /**
   * From the array that travels.
   *
   * @param values as {@link #values}, or means of such; empty where no step was measured
   */
  public GroupNorms(float[] values) {
    this.values = values.clone();
  }

  /**
   * Of a step.
   *
   * @param segments that it was measured by
   */
  public static GroupNorms of(StepNorms norms, List<Segment> segments) {
    int layers = 1 + segments.stream().mapToInt(Segment::depth).max().orElse(0);
    double[] gradients = new double[GROUPS.size()];
    double[] weights = new double[GROUPS.size()];
    double[] updates = new double[GROUPS.size()];
    boolean[] isThere = new boolean[GROUPS.size()];
    for (int i = 0; i < segments.size(); i++) {
      int group = GROUPS.indexOf(LayerGroup.of(segments.get(i).depth(), layers));
      isThere[group] = true;
      gradients[group] += norms.gradients()[i] * norms.gradients()[i];
      if (segments.get(i).kind() == Kind.WEIGHT) {
        weights[group] += norms.parameters()[i] * norms.parameters()[i];
        updates[group] += norms.updates()[i] * norms.updates()[i];
      }
    }
    float[] values = new float[2 * GROUPS.size()];
    for (int i = 0; i < GROUPS.size(); i++) {
      values[i] = isThere[i] ? (float) Math.sqrt(gradients[i]) : Float.NaN;
      values[GROUPS.size() + i] = (float) Math.sqrt(updates[i] / weights[i]);
    }
    return new GroupNorms(values);
  }

  /** From the values of each group, in single precision; not a number where there are none. */
  public static GroupNorms of(
      ToDoubleFunction<LayerGroup> gradient, ToDoubleFunction<LayerGroup> updateRatio) {
    float[] values = new float[2 * GROUPS.size()];
    for (int i = 0; i < GROUPS.size(); i++) {
      values[i] = (float) gradient.applyAsDouble(GROUPS.get(i));
      values[GROUPS.size() + i] = (float) updateRatio.applyAsDouble(GROUPS.get(i));
    }
    return new GroupNorms(values);
  }

  /** The array that travels; a copy. */
  public float[] values() {
    return values.clone();
  }

  /**
   * The norm of the gradient of a group's parameters together, before clips and without penalties;
   * not a number where there are none.
   */
  public double gradient(LayerGroup group) {
    return at(GROUPS.indexOf(group));
  }

  /**
   * What the step took off a group's weights as a share of these, ‖Δw‖ / ‖w‖; not a number where
   * there are none or all are 0.
   */
  public double updateRatio(LayerGroup group) {
    return at(GROUPS.size() + GROUPS.indexOf(group));
  }

  private double at(int place) {
    return values.length == 0 ? Double.NaN : values[place];
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
