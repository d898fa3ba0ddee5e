package dev.convoy.worker.optimizer;

import java.util.ArrayList;
import java.util.List;

/**
 * A change of a segment as a kernel of a device computes it: the kernel's name, its numbers for the
 * segment, at most three, and those for all segments. Rules give the same kernel and the same
 * numbers for all segments in each step.
 *
 * @param coefficients of the segment
 * @param constants behind the rule's arrays
 */
public record DeviceChange(String kernel, List<Float> coefficients, List<Float> constants) {
  /** Copies the lists. */
  public DeviceChange {
    coefficients = List.copyOf(coefficients);
    constants = List.copyOf(constants);
  }

  /** Without constants. */
  static DeviceChange of(String kernel, float... coefficients) {
    List<Float> all = new ArrayList<>();
    for (float coefficient : coefficients) {
      all.add(coefficient);
    }
    return new DeviceChange(kernel, all, List.of());
  }

  /** With constants. */
  DeviceChange with(Float... numbers) {
    return new DeviceChange(kernel, coefficients, List.of(numbers));
  }
}
