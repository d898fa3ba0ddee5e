package dev.convoy.driver.exchange;

import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Vector;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

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
    state.names().forEach(name -> vectors.put(name, vector(name)));
    return vectors;
  }

  private Vector vector(String name) {
    return new Vector() {
      @Override
      public int length() {
        return state.lengths().get(name);
      }

      @Override
      public void forEachPiece(Consumer<float[]> receiver) {
        for (int slice = 0; slice < state.slices().count(); slice++) {
          receiver.accept(state.slice(name, slice));
        }
      }
    };
  }

  @Override
  public void close() {
    state.remove();
  }
}
