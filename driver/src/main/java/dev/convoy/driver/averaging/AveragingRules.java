package dev.convoy.driver.averaging;

import dev.convoy.data.component.Family;
import java.util.List;

/** The family of averaging rules. */
public final class AveragingRules {
  /** Every rule. A new one is its own file and one more line here. */
  public static final Family<AveragingRule> FAMILY =
      Family.of(
          "averaging rule",
          List.of(
              PlainMean.COMPONENT,
              BlockMomentum.COMPONENT,
              SlowMomentum.COMPONENT,
              OuterNesterov.COMPONENT,
              ElasticAveraging.COMPONENT,
              GradientAveraging.COMPONENT));

  private AveragingRules() {}
}
