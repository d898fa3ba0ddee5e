package dev.convoy.driver.averaging;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Family;
import java.util.List;
import java.util.stream.Stream;

/** The family of averaging strategies: all rules, and Deeplearning4j's masters. */
public final class AveragingStrategies {
  /** Every strategy. A new rule is a member of {@link AveragingRules#FAMILY}. */
  public static final Family<AveragingStrategy> FAMILY = Family.of("averaging strategy", members());

  private AveragingStrategies() {}

  private static List<Component<? extends AveragingStrategy>> members() {
    return Stream.<Component<? extends AveragingStrategy>>concat(
            AveragingRules.FAMILY.members().stream(), Stream.of(StockMaster.COMPONENT))
        .toList();
  }
}
