package dev.convoy.driver.averaging;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that the next round of training depends on, in memory; or a slice of it. Immutable; its
 * arrays are shared and never written to.
 *
 * @param parameters of the network, flat
 * @param optimizer the optimizer's state, flat; empty for zeros
 * @param averaging the averaging rule's arrays, by name; those that are missing are zeros
 */
public record ModelState(
    float[] parameters, float[] optimizer, SortedMap<String, float[]> averaging)
    implements AveragedModel {
  /** The vector of the network's parameters. */
  public static final String PARAMETERS = "parameters";

  /** The vector of the optimizer's state. */
  public static final String OPTIMIZER = "optimizer";

  /** What the names of the averaging rule's vectors begin with. */
  static final String AVERAGING = "averaging.";

  /** Copies the map. */
  public ModelState {
    averaging = Collections.unmodifiableSortedMap(new TreeMap<>(averaging));
  }

  /** Before the first round. */
  public static ModelState first(float[] parameters) {
    return new ModelState(parameters, new float[0], Collections.emptySortedMap());
  }

  /**
   * The state that has these arrays.
   *
   * @throws IllegalArgumentException if one is missing or not among those of {@link #arrays}
   */
  public static ModelState of(Map<String, float[]> arrays) {
    SortedMap<String, float[]> averaging = new TreeMap<>();
    Map<String, float[]> others = new TreeMap<>(arrays);
    others.keySet().removeIf(name -> name.startsWith(AVERAGING));
    if (!others.keySet().equals(Set.of(PARAMETERS, OPTIMIZER))) {
      throw new IllegalArgumentException(
          "expected the arrays parameters, optimizer and averaging.…, found " + arrays.keySet());
    }
    arrays.forEach(
        (name, array) -> {
          if (name.startsWith(AVERAGING)) {
            averaging.put(name.substring(AVERAGING.length()), array);
          }
        });
    return new ModelState(arrays.get(PARAMETERS), arrays.get(OPTIMIZER), averaging);
  }

  /** Every array by its name; those of the averaging rule are called {@code averaging.…}. */
  public SortedMap<String, float[]> arrays() {
    SortedMap<String, float[]> arrays = new TreeMap<>();
    arrays.put(PARAMETERS, parameters);
    arrays.put(OPTIMIZER, optimizer);
    averaging.forEach((name, array) -> arrays.put(AVERAGING + name, array));
    return arrays;
  }

  @Override
  public SortedMap<String, Vector> vectors() {
    SortedMap<String, Vector> vectors = new TreeMap<>();
    arrays().forEach((name, array) -> vectors.put(name, Vector.of(array)));
    return vectors;
  }

  @Override
  public boolean isFinite() {
    for (float value : parameters) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** An array of the averaging rule; zeros if it is not there yet. Not to be written to. */
  float[] averaging(String name) {
    return averaging.getOrDefault(name, new float[parameters.length]);
  }
}
