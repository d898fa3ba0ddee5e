package dev.convoy.driver.averaging;

import java.util.List;

/** A rule that needs no more of a round's results than their mean, weighted by examples. */
interface MeanRule extends AveragingRule {
  /**
   * What the round comes to.
   *
   * @param before the state that the round began with
   * @param mean of the workers' parameters; belongs to the rule, and is what parameters that are
   *     not learned become
   */
  Result next(ModelState before, RoundPlace place, float[] mean, List<Learned> learned);

  @Override
  default Round begin(ModelState before, RoundPlace place, List<Learned> learned) {
    WeightedMean mean = new WeightedMean();
    return new Round() {
      @Override
      public void add(float[] parameters, long examples) {
        mean.add(parameters, examples);
      }

      @Override
      public Result end() {
        return next(before, place, mean.mean(), learned);
      }
    };
  }
}
