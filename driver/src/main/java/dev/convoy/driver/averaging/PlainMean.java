package dev.convoy.driver.averaging;

import dev.convoy.data.component.Component;
import java.util.Collections;

/** The mean of the workers' parameters, weighted by the examples that they trained. */
record PlainMean() implements MeanRule {
  static final Component<AveragingRule> COMPONENT =
      Component.named("mean", "the mean of the workers' parameters, weighted by their examples")
          .from(
              "McMahan et al., Communication-Efficient Learning of Deep Networks from Decentralized"
                  + " Data, 2017")
          .createdBy(options -> new PlainMean());

  @Override
  public Result next(ModelState before, RoundPlace place, float[] mean, Layout layout) {
    return new Result(mean, Collections.emptySortedMap());
  }
}
