package dev.convoy.driver.space;

import com.typesafe.config.Config;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One point of a search space and what it means.
 *
 * @param point a coordinate in [0, 1) for every parameter, also of branches that were not chosen;
 *     the sample's own: not to be changed
 * @param values of the parameters that are active, by column name: Doubles, Longs, Strings and
 *     Booleans. Of a choice of objects it is the option's label: its {@code name} if it has one,
 *     else {@code option-1} and so on; of a choice of lists their HOCON.
 * @param configuration what was written, every distribution replaced by its value
 */
public record Sample(double[] point, SortedMap<String, Object> values, Config configuration) {
  /** Copies the values. */
  public Sample {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }
}
