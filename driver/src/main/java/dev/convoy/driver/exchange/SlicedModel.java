package dev.convoy.driver.exchange;

import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.Vector;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * A model in slices on executors; reading a vector brings it to the driver a slice at a time.
 *
 * @param state where it lies
 * @param isFinite whether all parameters are numbers
 */
public record SlicedModel(SlicedState state, boolean isFinite) implements AveragedModel {
  @Override
  public SortedMap<String, Vector> vectors() {
    SortedMap<String, Vector> vectors = new TreeMap<>();
    for (String name : state.names()) {
      vectors.put(
          name,
          vector(
              state.lengths().get(name),
              state.slices().count(),
              slice -> state.slice(name, slice)));
    }
    WorkerStates workers = state.workers();
    for (int shard : workers.shards()) {
      workers
          .lengths()
          .forEach(
              (name, length) ->
                  vectors.put(
                      ModelState.ofWorker(shard, name),
                      vector(length, 1, piece -> workers.get(shard, name))));
    }
    return vectors;
  }

  private static Vector vector(int length, int pieces, IntFunction<float[]> piece) {
    return new Vector() {
      @Override
      public int length() {
        return length;
      }

      @Override
      public void forEachPiece(Consumer<float[]> receiver) {
        for (int i = 0; i < pieces; i++) {
          receiver.accept(piece.apply(i));
        }
      }
    };
  }

  @Override
  public void close() {
    state.remove();
  }
}
