package dev.convoy.driver.termination;

import dev.convoy.data.component.Family;
import java.util.List;

/** The family of rules of early termination. */
public final class TerminationRules {
  /** Every rule. A new one is its own file and one more line here. */
  public static final Family<TerminationRule> FAMILY =
      Family.of(
          "early-termination rule",
          List.of(
              NoTermination.COMPONENT,
              MedianRule.COMPONENT,
              AsynchronousHalving.COMPONENT,
              Halving.COMPONENT,
              Hyperband.COMPONENT));

  private TerminationRules() {}
}
