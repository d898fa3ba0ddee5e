package dev.convoy.worker.ensemble;

import dev.convoy.data.component.Family;
import java.util.List;

/** The family of combination rules. */
public final class CombinationMethods {
  /** Every rule. A new one is its own file and one more line here. */
  public static final Family<CombinationMethod> FAMILY =
      Family.of(
          "combination rule",
          List.of(
              SoftVote.COMPONENT,
              GeometricMean.COMPONENT,
              WeightedVote.COMPONENT,
              HardVote.COMPONENT,
              StackedVote.COMPONENT));

  private CombinationMethods() {}
}
