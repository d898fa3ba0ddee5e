package dev.convoy.benchmark.search;

import dev.convoy.benchmark.Labels;
import java.util.Locale;

/** What is measured of the search. */
public enum Measure {
  /** Rules of early termination at the same number of epochs, on MNIST. */
  METHODS,
  /** Two trials at once against one after the other. */
  PARALLEL,
  /** What is added to the trials' own time. */
  SCHEDULING;

  /**
   * The measure of a name.
   *
   * @throws IllegalArgumentException naming the known ones, if there is none
   */
  public static Measure named(String name) {
    return Labels.find(values(), name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
