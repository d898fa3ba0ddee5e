package dev.convoy.driver.averaging;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * How the workers' parameters of a round become the next ones. Immutable: what a rule remembers
 * from round to round are named arrays of the {@link ModelState}, as long as the parameters, which
 * checkpoints hold. What becomes of a value depends on its place in these arrays alone, so that a
 * rule does the same to a slice of them as to the whole.
 */
public interface AveragingRule extends AveragingStrategy {
  /** The parameters that the workers start a round from; not to be written to. */
  default float[] start(ModelState before) {
    return before.parameters();
  }

  /** Whether {@link #start} is something else than the parameters. */
  default boolean startsElsewhere() {
    return false;
  }

  /** Whether it is given gradients in place of parameters, with which a step is then taken. */
  default boolean averagesGradients() {
    return false;
  }

  /** Whether every worker goes on with parameters of its own, rather than from {@link #start}. */
  default boolean keepsParameters() {
    return false;
  }

  /**
   * What a worker goes on with, where it keeps its parameters. Runs on executors.
   *
   * @param trained what it has trained; not to be written to
   * @param start of the round; not to be written to
   * @param workers of the run that have images; not all of them need have trained in the round
   * @param layout of the parameters
   */
  default float[] keep(float[] trained, float[] start, int workers, Layout layout) {
    throw new UnsupportedOperationException("workers keep nothing");
  }

  /** The names of the arrays that the rule remembers. */
  default SortedSet<String> remembered() {
    return Collections.emptySortedSet();
  }

  /**
   * Begins to take in the results of a round.
   *
   * @param before the state that the round began with
   * @param layout of the parameters
   */
  Round begin(ModelState before, RoundPlace place, Layout layout);

  /** A round's results, one after another. Used by one thread. */
  interface Round {
    /**
     * Takes in a worker's result. They come in shard order.
     *
     * @param parameters after the round, flat; not to be written to, but a rule that needs all of
     *     them at once can keep them
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
