package dev.convoy.driver.averaging;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that the next round of training depends on, in memory; or a slice of it. Immutable; its
 * arrays are shared and never written to.
 *
 * @param parameters of the network, flat
 * @param optimizer the optimizer's state, flat; empty for zeros
 * @param averaging the averaging rule's arrays, by name; those that are missing are zeros
 * @param workers what each worker keeps for itself, by {@link #ofWorker}; none before the first
 *     round
 */
public record ModelState(
    float[] parameters,
    float[] optimizer,
    SortedMap<String, float[]> averaging,
    SortedMap<String, float[]> workers)
    implements AveragedModel {
  /** The vector of the network's parameters. */
  public static final String PARAMETERS = "parameters";

  /** The vector of the optimizer's state. */
  public static final String OPTIMIZER = "optimizer";

  /** The vector of a worker of what compression left out of the changes that it sent. */
  public static final String RESIDUAL = "residual";

  /** What the names of the averaging rule's vectors begin with. */
  static final String AVERAGING = "averaging.";

  private static final String WORKER = "worker.";

  /** Copies the maps. */
  public ModelState {
    averaging = Collections.unmodifiableSortedMap(new TreeMap<>(averaging));
    workers = Collections.unmodifiableSortedMap(new TreeMap<>(workers));
  }

  /** Of workers that keep nothing. */
  public ModelState(float[] parameters, float[] optimizer, SortedMap<String, float[]> averaging) {
    this(parameters, optimizer, averaging, Collections.emptySortedMap());
  }

  /**
   * The name of a vector that a worker keeps for itself.
   *
   * @param shard which worker
   * @param name of the vector: parameters, optimizer or residual
   */
  public static String ofWorker(int shard, String name) {
    return WORKER + shard + "." + name;
  }

  /** Whether a worker keeps the vector of that name for itself. */
  public static boolean isOfWorker(String name) {
    return name.startsWith(WORKER);
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
    requireNames(arrays.keySet());
    SortedMap<String, float[]> averaging = new TreeMap<>();
    SortedMap<String, float[]> workers = new TreeMap<>();
    arrays.forEach(
        (name, array) -> {
          if (name.startsWith(AVERAGING)) {
            averaging.put(name.substring(AVERAGING.length()), array);
          } else if (isOfWorker(name)) {
            workers.put(name, array);
          }
        });
    return new ModelState(arrays.get(PARAMETERS), arrays.get(OPTIMIZER), averaging, workers);
  }

  /**
   * Requires that vectors make up a model.
   *
   * @throws IllegalArgumentException if one is missing or not among those of {@link #arrays}
   */
  public static void requireNames(Set<String> names) {
    Set<String> others = new TreeSet<>(names);
    others.removeIf(name -> name.startsWith(AVERAGING) || isOfWorker(name));
    if (!others.equals(Set.of(PARAMETERS, OPTIMIZER))) {
      throw new IllegalArgumentException(
          "expected the arrays parameters, optimizer, averaging.… and worker.…, found " + names);
    }
  }

  /**
   * Every array by its name; those of the averaging rule are called {@code averaging.…}, and those
   * that workers keep {@code worker.…}.
   */
  public SortedMap<String, float[]> arrays() {
    SortedMap<String, float[]> arrays = new TreeMap<>();
    arrays.put(PARAMETERS, parameters);
    arrays.put(OPTIMIZER, optimizer);
    averaging.forEach((name, array) -> arrays.put(AVERAGING + name, array));
    arrays.putAll(workers);
    return arrays;
  }

  @Override
  public SortedMap<String, Vector> vectors() {
    SortedMap<String, Vector> vectors = new TreeMap<>();
    arrays().forEach((name, array) -> vectors.put(name, Vector.of(array)));
    return vectors;
  }

  @Override
  public ModelState inMemory() {
    return this;
  }

  @Override
  public boolean isFinite() {
    return Vector.isFinite(parameters);
  }

  /** An array of the averaging rule; zeros if it is not there yet. Not to be written to. */
  float[] averaging(String name) {
    return averaging.getOrDefault(name, new float[parameters.length]);
  }
}
