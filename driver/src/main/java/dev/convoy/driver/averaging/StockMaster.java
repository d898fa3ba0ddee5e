package dev.convoy.driver.averaging;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.ComponentSettings;

/**
 * Training masters of Deeplearning4j's, baselines to compare with: they train with its own layers
 * and update rules, and average in their own way.
 */
public enum StockMaster implements AveragingStrategy {
  /** ParameterAveragingTrainingMaster of dl4j-spark. */
  PARAMETER_AVERAGING;

  static final Component<AveragingStrategy> COMPONENT =
      Component.named(
              "dl4j-parameter-averaging",
              "Deeplearning4j's ParameterAveragingTrainingMaster, a baseline: its own layers, update"
                  + " rules and averaging; no resume, no exact counts, not repeatable bit for bit")
          .createdBy(options -> PARAMETER_AVERAGING);

  /** What whoever starts such a run is told. */
  public static String caveat() {
    return "note: Deeplearning4j's own training master trains, a baseline: it cannot resume (the same"
        + " command begins anew), does not count exactly (it leaves batches out, and those of retried"
        + " tasks count twice), and does not repeat bit for bit; a round is an epoch";
  }

  /** Whether that is the name of one. */
  public static boolean isNamed(ComponentSettings strategy) {
    return strategy.name().equals(COMPONENT.name());
  }
}
