package dev.convoy.driver.averaging;

import dev.convoy.data.component.Component;
import java.util.Collections;
import java.util.List;

/** The mean of the workers' parameters, weighted by the examples that they trained. */
final class PlainMean implements AveragingRule {
  static final Component<AveragingRule> COMPONENT =
      Component.named("mean", "the mean of the workers' parameters, weighted by their examples")
          .from(
              "McMahan et al., Communication-Efficient Learning of Deep Networks from Decentralized"
                  + " Data, 2017")
          .createdBy(options -> new PlainMean());

  @Override
  public Round begin(ModelState before, long rounds, List<Learned> learned) {
    WeightedMean mean = new WeightedMean();
    return new Round() {
      @Override
      public void add(float[] parameters, long examples) {
        mean.add(parameters, examples);
      }

      @Override
      public Result end() {
        return new Result(mean.mean(), Collections.emptySortedMap());
      }
    };
  }
}
