package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.Weighting;

/**
 * The weights that a node multiplies by: its parameter where the device's vector has it, or what is
 * made of that in each run.
 */
final class CudaWeights {
  private final CudaPlan plan;
  private final String layer;
  private final String parameter;
  private final Extent extent;
  private final Weighting weighting;
  private final Address values;
  private DeviceTensor norms;
  private DeviceTensor ofMade;

  /**
   * How many weights there are, unit by unit.
   *
   * @param units filters, or units of a full connection
   * @param channels of a filter, or inputs of a unit
   * @param elements of a kernel, or 1
   */
  record Extent(int units, int channels, int elements) {
    int size() {
      return units * row();
    }

    int row() {
      return channels * elements;
    }
  }

  /** Adds the steps that make them, if there are any. */
  CudaWeights(CudaPlan plan, String layer, String parameter, Extent extent, Weighting weighting) {
    this.plan = plan;
    this.layer = layer;
    this.parameter = parameter;
    this.extent = extent;
    this.weighting = weighting;
    this.values =
        isMade() ? plan.inType(made(), plan.type()) : plan.network().operand(layer, parameter);
  }

  private boolean isMade() {
    return weighting instanceof Weighting.Normalized
        || (weighting instanceof Weighting.Dropped && plan.isTraining());
  }

  private DeviceTensor made() {
    DeviceTensor made = plan.floats(extent.size());
    if (weighting instanceof Weighting.Normalized normalized) {
      norms = plan.floats(extent.units());
      plan.launch(
          "normalize_weights",
          Grid.ofBlocks(extent.units()),
          parameter(),
          plan.network().value(layer, normalized.length()),
          made,
          norms,
          extent.row());
    } else if (weighting instanceof Weighting.Dropped dropped) {
      drop(dropped, parameter(), made);
    }
    return made;
  }

  private Address parameter() {
    return plan.network().value(layer, parameter);
  }

  private void drop(Weighting.Dropped dropped, Address from, Address to) {
    plan.launch(
        "drop_weights",
        Grid.of(extent.size()),
        Masks.arguments(
            dropped.dropout(),
            dropped.number(),
            1,
            from,
            to,
            plan.keys(),
            extent.size(),
            extent.channels(),
            extent.elements()));
  }

  /** The weights, in the plan's type. */
  Address values() {
    return values;
  }

  /**
   * Where the gradient of the weights is to be left.
   *
   * @param type in which it is computed
   */
  Address gradientPlace(ValueFormat type) {
    if (isMade()) {
      ofMade = DeviceTensor.of(1, plan.floats(extent.size()).shape(), type);
      return ofMade;
    }
    return type == ValueFormat.FLOAT32
        ? plan.network().gradient(layer, parameter)
        : plan.network().filterGradient(layer, parameter);
  }

  /** Adds the step from the gradient of the weights to that of the parameters, if there is any. */
  void backward() {
    if (!isMade()) {
      return;
    }
    DeviceTensor gradient = plan.inType(ofMade, ValueFormat.FLOAT32);
    Address ofParameter = plan.network().gradient(layer, parameter);
    if (weighting instanceof Weighting.Normalized normalized) {
      plan.launch(
          "normalized_weights_gradient",
          Grid.ofBlocks(extent.units()),
          parameter(),
          plan.network().value(layer, normalized.length()),
          norms,
          gradient,
          ofParameter,
          plan.network().gradient(layer, normalized.length()),
          extent.row());
    } else if (weighting instanceof Weighting.Dropped dropped) {
      drop(dropped, gradient, ofParameter);
    }
  }
}
