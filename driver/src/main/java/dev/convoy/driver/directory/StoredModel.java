package dev.convoy.driver.directory;

import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.Vector;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The model in a checkpoint's file, to which the file belongs until the next round is trained.
 * Driver only.
 *
 * @param vectors of the model, by name
 */
record StoredModel(SortedMap<String, Vector> vectors) implements AveragedModel {
  /**
   * Copies the map.
   *
   * @throws IllegalArgumentException if a vector is missing or not one of a model's
   */
  StoredModel {
    ModelState.requireNames(vectors.keySet());
    vectors = Collections.unmodifiableSortedMap(new TreeMap<>(vectors));
  }

  @Override
  public boolean isFinite() {
    return Vector.isFinite(parameters());
  }
}
