package dev.convoy.driver.averaging;

import dev.convoy.driver.compression.Compression;
import dev.convoy.driver.compression.Uncompressed;
import dev.convoy.worker.training.TrainedShard;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a run's rounds are averaged. Travels to executors.
 *
 * @param rule for the parameters
 * @param optimizerStates what becomes of them
 * @param compression of what workers send
 * @param layout of the parameters
 */
public record Averaging(
    AveragingRule rule, OptimizerStates optimizerStates, Compression compression, Layout layout)
    implements Serializable {
  /** The weighted mean of everything. */
  public static Averaging mean() {
    return new Averaging(new PlainMean(), OptimizerStates.AVERAGE, new Uncompressed(), Layout.NONE);
  }

  /** Whether workers send gradients in place of parameters. */
  public boolean averagesGradients() {
    return rule.averagesGradients();
  }

  /**
   * What is averaged in a round: without optimizer states where a step is still to change these.
   */
  public Averaging beforeStep() {
    return averagesGradients()
        ? new Averaging(rule, OptimizerStates.RESET, compression, layout)
        : this;
  }

  /** Whether workers send their optimizer states. */
  public boolean averagesOptimizerStates() {
    return optimizerStates == OptimizerStates.AVERAGE && !averagesGradients();
  }

  /**
   * Begins to make the next model of workers' results.
   *
   * @param before the state, or the slice of it, that the round began with
   */
  public Reducer reducer(ModelState before, RoundPlace place) {
    return new Reducer(rule.begin(before, place, layout), averagesOptimizerStates());
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
    boolean hasState = optimizerStates == OptimizerStates.AVERAGE;
    lengths.put(ModelState.OPTIMIZER, hasState ? optimizerState : 0);
    rule.remembered().forEach(name -> lengths.put(ModelState.AVERAGING + name, parameters));
    return lengths;
  }

  /** The averaging of a slice of a parameter vector of that length. */
  public Averaging of(Slices slices, int slice, int length) {
    return new Averaging(
        rule,
        optimizerStates,
        compression,
        layout.within(slices.from(slice, length), slices.to(slice, length)));
  }

  /**
   * What every worker keeps for itself from round to round, by name, and how long it is:
   * parameters, where workers go on with their own; the optimizer's state, where it is kept; and
   * what compression left out of the changes that were sent.
   *
   * @param parameters how many the network has
   * @param optimizerState values of a worker's
   */
  public SortedMap<String, Integer> kept(int parameters, int optimizerState) {
    SortedMap<String, Integer> kept = new TreeMap<>();
    if (rule.keepsParameters()) {
      kept.put(ModelState.PARAMETERS, parameters);
    }
    if (optimizerStates == OptimizerStates.KEEP && optimizerState > 0) {
      kept.put(ModelState.OPTIMIZER, optimizerState);
    }
    if (!compression.isExact()) {
      kept.put(ModelState.RESIDUAL, layout.learnedValues());
    }
    return kept;
  }

  /** Whether the driver cannot average, since workers keep something or send changes. */
  public boolean needsExecutors() {
    return rule.keepsParameters()
        || optimizerStates == OptimizerStates.KEEP
        || !compression.isExact();
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

  /** The same without what waits for its turn. */
  public Reduction onDriver(ModelState before, RoundPlace place) {
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
