package dev.convoy.driver.exchange;

import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.AveragingRule;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.Slices;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * What a round begins with, broadcast by the driver.
 *
 * @param start what workers start from
 * @param state the arrays of the state, by name; without those that executors need not read
 */
public record BroadcastStart(Broadcast<float[]> start, TreeMap<String, Broadcast<float[]>> state)
    implements RoundStart, AutoCloseable {

  /**
   * Broadcasts what executors need to train. Driver only.
   *
   * @param sliced whether they average, too, and so need all of it
   */
  public static BroadcastStart of(
      JavaSparkContext context, AveragedModel before, AveragingRule rule, boolean sliced) {
    TreeMap<String, Broadcast<float[]>> state = new TreeMap<>();
    before
        .vectors()
        .forEach(
            (name, vector) -> {
              if (sliced || name.equals(ModelState.OPTIMIZER)) {
                state.put(name, context.broadcast(vector.whole()));
              }
            });
    Broadcast<float[]> broadcast =
        sliced && !rule.startsElsewhere()
            ? state.get(ModelState.PARAMETERS)
            : context.broadcast(rule.start(before.inMemory()));
    return new BroadcastStart(broadcast, state);
  }

  @Override
  public float[] parameters() {
    return start.value();
  }

  @Override
  public float[] optimizerState() {
    return state.get(ModelState.OPTIMIZER).value();
  }

  @Override
  public Optional<float[]> kept(int shard, String name) {
    return Optional.ofNullable(state.get(ModelState.ofWorker(shard, name))).map(Broadcast::value);
  }

  @Override
  public float[] startSlice(int slice, Slices slices) {
    return slices.cut(parameters(), slice);
  }

  @Override
  public ModelState slice(int slice, Slices slices) {
    Map<String, float[]> arrays = new TreeMap<>();
    state.forEach(
        (name, array) -> {
          if (!ModelState.isOfWorker(name)) {
            arrays.put(name, slices.cut(array.value(), slice));
          }
        });
    return ModelState.of(arrays);
  }

  /** Destroys the broadcasts. Driver only. */
  @Override
  public void close() {
    start.destroy();
    state.values().stream().filter(one -> one != start).forEach(Broadcast::destroy);
  }
}
