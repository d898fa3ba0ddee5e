package dev.convoy.driver.averaging;

import dev.convoy.worker.optimizer.Segment;
import java.util.List;
import java.util.SortedMap;

/**
 * How the workers' parameters of a round become the next ones. Immutable: what a rule remembers
 * from round to round are named arrays of the {@link ModelState}, which checkpoints hold.
 */
public interface AveragingRule {
  /** The parameters that the workers start a round from; not to be written to. */
  default float[] start(ModelState before) {
    return before.parameters();
  }

  /**
   * Begins to take in the results of a round.
   *
   * @param before the state that the round began with
   * @param segments of the parameters; running statistics are measured, and so are best averaged
   */
  Round begin(ModelState before, List<Segment> segments);

  /** A round's results, one after another. Used by one thread. */
  interface Round {
    /**
     * Takes in a worker's result. They come in shard order.
     *
     * @param parameters after the round, flat; belong to the rule from now on, so that one that
     *     needs all of them at once can keep them
     * @param examples that the worker trained in the round, at least 1
     */
    void add(float[] parameters, long examples);

    /** What the round comes to, once all results were added; called once. */
    Result end();
  }

  /**
   * What a round comes to.
   *
   * @param parameters the next ones: what is validated and saved
   * @param arrays that the rule remembers, by name
   */
  record Result(float[] parameters, SortedMap<String, float[]> arrays) {}
}
