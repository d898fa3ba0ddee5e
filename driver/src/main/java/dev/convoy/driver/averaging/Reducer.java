package dev.convoy.driver.averaging;

/**
 * Makes the next model of the workers' results, or of the same slice of each. Used by one thread.
 */
public final class Reducer {
  private final AveragingRule.Round parameters;
  private final boolean averagesOptimizerStates;
  private final WeightedMean optimizerState = new WeightedMean();

  /** See {@link Averaging#reducer}. */
  Reducer(AveragingRule.Round parameters, boolean averagesOptimizerStates) {
    this.parameters = parameters;
    this.averagesOptimizerStates = averagesOptimizerStates;
  }

  /**
   * Takes in a worker's result. They come in shard order.
   *
   * @param parameters after the round; not to be written to, and may be kept
   * @param optimizerState after the round; not kept
   * @param examples that the worker trained in the round, at least 1
   */
  public void add(float[] parameters, float[] optimizerState, long examples) {
    this.parameters.add(parameters, examples);
    if (averagesOptimizerStates) {
      this.optimizerState.add(optimizerState, examples);
    }
  }

  /** What they come to; called once. */
  public ModelState end() {
    AveragingRule.Result result = parameters.end();
    float[] state = averagesOptimizerStates ? optimizerState.mean() : new float[0];
    return new ModelState(result.parameters(), state, result.arrays());
  }
}
