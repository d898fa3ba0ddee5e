package dev.convoy.worker.datainitialization;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Family;
import java.util.List;

/** The family of initialisations on data. */
public final class DataInitializations {
  /** Every initialisation on data. A new one is its own file and one more line here. */
  public static final Family<DataInitialization> FAMILY =
      Family.of(
          "data-initialization",
          List.of(
              NoDataInitialization.COMPONENT,
              LayerSequentialUnitVariance.COMPONENT,
              WeightNormalizationOnData.COMPONENT));

  /** The member that leaves weights as they were drawn. */
  public static final ComponentSettings OFF =
      ComponentSettings.defaults(NoDataInitialization.COMPONENT.name());

  private DataInitializations() {}

  /** Whether settings ask for a change. */
  public static boolean isOn(ComponentSettings settings) {
    return !settings.name().equals(OFF.name());
  }
}
