package dev.convoy.driver.averaging;

/** A rule that needs no more of a round's results than their mean, weighted by examples. */
interface MeanRule extends AveragingRule {
  /**
   * What the round comes to.
   *
   * @param before the state that the round began with
   * @param mean of the workers' parameters; belongs to the rule, and is what parameters that are
   *     not learned become
   */
  Result next(ModelState before, RoundPlace place, float[] mean, Layout layout);

  @Override
  default Round begin(ModelState before, RoundPlace place, Layout layout) {
    WeightedMean mean = new WeightedMean();
    BetweenWorkers between = new BetweenWorkers(layout.moments());
    return new Round() {
      @Override
      public void add(float[] parameters, long examples) {
        mean.add(parameters, examples);
        between.add(parameters, examples);
      }

      @Override
      public Result end() {
        float[] all = mean.mean();
        between.addTo(all);
        return next(before, place, all, layout);
      }
    };
  }
}
