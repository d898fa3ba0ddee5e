package dev.convoy.driver.averaging;

import dev.convoy.worker.training.TrainedShard;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a run's rounds are averaged. Travels to executors.
 *
 * @param rule for the parameters
 * @param keepsOptimizerState whether the optimizer's state is averaged, rather than zeros again
 * @param learned stretches of the parameters
 */
public record Averaging(AveragingRule rule, boolean keepsOptimizerState, List<Learned> learned)
    implements Serializable {
  /** The weighted mean of everything. */
  public static Averaging mean() {
    return new Averaging(new PlainMean(), true, List.of());
  }

  /**
   * Begins to make the next model of workers' results.
   *
   * @param before the state, or the slice of it, that the round began with
   */
  public Reducer reducer(ModelState before, RoundPlace place) {
    return new Reducer(rule.begin(before, place, learned), keepsOptimizerState);
  }

  /**
   * The vectors of the states that come of it, and how long they are.
   *
   * @param parameters how many the network has
   * @param optimizerState values of a worker's
   */
  public SortedMap<String, Integer> lengths(int parameters, int optimizerState) {
    SortedMap<String, Integer> lengths = new TreeMap<>();
    lengths.put(ModelState.PARAMETERS, parameters);
    lengths.put(ModelState.OPTIMIZER, keepsOptimizerState ? optimizerState : 0);
    rule.remembered().forEach(name -> lengths.put(ModelState.AVERAGING + name, parameters));
    return lengths;
  }

  /** The averaging of a slice of a parameter vector of that length. */
  public Averaging of(Slices slices, int slice, int length) {
    return new Averaging(
        rule,
        keepsOptimizerState,
        Learned.within(learned, slices.from(slice, length), slices.to(slice, length)));
  }

  /**
   * Begins to take in the results of a round on the driver.
   *
   * @param before the state that the round began with
   * @param shards whose results will come, in increasing order
   * @param directory for the temporary file, which exists only when it is needed
   */
  public RoundResult begin(
      ModelState before, RoundPlace place, Iterable<Integer> shards, Path directory) {
    return new RoundResult(onDriver(before, place), shards, directory);
  }

  Reduction onDriver(ModelState before, RoundPlace place) {
    Reducer reducer = reducer(before, place);
    return new Reduction() {
      @Override
      public void add(TrainedShard result) {
        reducer.add(result.parameters(), result.optimizerState(), result.examples());
      }

      @Override
      public AveragedModel end() {
        return reducer.end();
      }
    };
  }
}
