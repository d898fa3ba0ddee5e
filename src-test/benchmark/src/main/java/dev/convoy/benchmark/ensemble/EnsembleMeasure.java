package dev.convoy.benchmark.ensemble;

import dev.convoy.benchmark.Labels;
import java.util.Locale;

/** What is measured of ensembles. */
public enum EnsembleMeasure {
  /** Several members against one. */
  COST,
  /** The heap while very many images are predicted. */
  STREAMING;

  /**
   * The measure of a name.
   *
   * @throws IllegalArgumentException naming the known ones, if there is none
   */
  public static EnsembleMeasure named(String name) {
    return Labels.find(values(), name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
