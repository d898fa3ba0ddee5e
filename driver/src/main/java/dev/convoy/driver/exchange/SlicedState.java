package dev.convoy.driver.exchange;

import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkContext;

/**
 * Where the slices of a {@link ModelState} lie on executors. Travels there.
 *
 * @param set of the {@link SliceStore}
 * @param lengths of the vectors, by name
 * @param slices of each vector
 * @param copies of each slice
 * @param workers what these keep for themselves
 * @param holders of one copy of each slice; none where that is not known
 */
public record SlicedState(
    int set,
    TreeMap<String, Integer> lengths,
    Slices slices,
    int copies,
    WorkerStates workers,
    TreeMap<Integer, Holder> holders)
    implements RoundStart {
  /** What the workers start from, where that is not the parameters themselves. */
  static final String START = "start";

  /**
   * Nothing yet. Driver only.
   *
   * @param parameters how many the network has
   * @param optimizerState values of a worker's
   * @param copies of each slice, on as many executors
   * @param shards of workers that have images
   */
  public static SlicedState begin(
      SparkContext context,
      Averaging averaging,
      int parameters,
      int optimizerState,
      Slices slices,
      int copies,
      List<Integer> shards) {
    TreeMap<String, Integer> lengths = new TreeMap<>(averaging.lengths(parameters, optimizerState));
    if (averaging.rule().startsElsewhere()) {
      lengths.put(START, parameters);
    }
    WorkerStates workers =
        WorkerStates.begin(context, shards, averaging.kept(parameters, optimizerState));
    return new SlicedState(
        SliceStore.newSet(context), lengths, slices, copies, workers, new TreeMap<>());
  }

  /** The same when it is known where slices are. */
  public SlicedState heldBy(Map<Integer, Holder> known) {
    return new SlicedState(set, lengths, slices, copies, workers, new TreeMap<>(known));
  }

  /**
   * Keeps a slice on this executor.
   *
   * @param start what workers start from
   */
  public void put(int slice, ModelState state, float[] start) {
    state.arrays().forEach((name, values) -> put(name, slice, values));
    if (lengths.containsKey(START)) {
      put(START, slice, start);
    }
  }

  private void put(String name, int slice, float[] values) {
    if (lengths.get(name) > 0) {
      SliceStore.put(set, index(name, slice), values, copies);
    }
  }

  /** Keeps whole vectors on this executor, where the rule remembers nothing. */
  public void putWhole(float[] parameters, float[] optimizerState) {
    for (int slice = 0; slice < slices.count(); slice++) {
      put(ModelState.PARAMETERS, slice, slices.cut(parameters, slice));
      put(ModelState.OPTIMIZER, slice, slices.cut(optimizerState, slice));
    }
  }

  /** The same place for other vectors, with what workers keep of this one. */
  public SlicedState withWorkersOf(SlicedState other) {
    return new SlicedState(set, lengths, slices, copies, other.workers, holders);
  }

  /** Deletes all but what workers keep. Driver only. */
  public void removeVectors() {
    SliceStore.remove(set);
  }

  /**
   * Keeps what a worker goes on with on this executor.
   *
   * @param name as {@link Averaging#kept} has it
   */
  public void keep(int shard, String name, float[] values) {
    workers.put(shard, name, values);
  }

  private int index(String name, int slice) {
    return lengths.headMap(name).size() * slices.count() + slice;
  }

  @Override
  public Optional<float[]> kept(int shard, String name) {
    return workers.lengths().containsKey(name)
        ? Optional.of(workers.get(shard, name))
        : Optional.empty();
  }

  @Override
  public float[] startSlice(int slice, Slices cut) {
    return slice(lengths.containsKey(START) ? START : ModelState.PARAMETERS, slice);
  }

  @Override
  public ModelState slice(int slice, Slices cut) {
    Map<String, float[]> arrays = new TreeMap<>();
    for (String name : names()) {
      arrays.put(name, slice(name, slice));
    }
    return ModelState.of(arrays);
  }

  /** The vectors of the model. */
  List<String> names() {
    List<String> names = new ArrayList<>(lengths.keySet());
    names.remove(START);
    return names;
  }

  /**
   * A slice of a vector.
   *
   * @throws LostSliceException if it is gone
   */
  float[] slice(String name, int slice) {
    if (lengths.get(name) == 0) {
      return new float[0];
    }
    int index = index(name, slice);
    return Optional.ofNullable(holders.get(slice))
        .flatMap(holder -> SliceStore.getFrom(holder, set, index))
        .or(() -> SliceStore.get(set, index))
        .orElseThrow(
            () ->
                new LostSliceException(
                    "Cannot read slice "
                        + slice
                        + " of "
                        + name
                        + ": no executor has it any more. The same command goes on from the latest checkpoint."));
  }

  @Override
  public float[] parameters() {
    return whole(lengths.containsKey(START) ? START : ModelState.PARAMETERS);
  }

  @Override
  public float[] optimizerState() {
    return whole(ModelState.OPTIMIZER);
  }

  /** Tasks of one executor share it for as long as one of them needs it. */
  private float[] whole(String name) {
    return WholeVectors.get(
        set + " " + name,
        () -> {
          int length = lengths.get(name);
          float[] whole = new float[length];
          Ahead.forEach(
              length == 0 ? 0 : slices.count(),
              slice -> slice(name, slice),
              (slice, part) ->
                  System.arraycopy(part, 0, whole, slices.from(slice, length), part.length));
          return whole;
        });
  }

  /** Deletes it. Driver only. */
  public void remove() {
    SliceStore.remove(set);
    workers.remove();
  }
}
