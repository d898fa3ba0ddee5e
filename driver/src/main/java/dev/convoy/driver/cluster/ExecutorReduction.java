package dev.convoy.driver.cluster;

import dev.convoy.data.Text;
import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.Reducer;
import dev.convoy.driver.averaging.Reduction;
import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.driver.averaging.SentChanges;
import dev.convoy.driver.averaging.Slices;
import dev.convoy.driver.averaging.TaskCost;
import dev.convoy.driver.exchange.Ahead;
import dev.convoy.driver.exchange.Holder;
import dev.convoy.driver.exchange.RoundStart;
import dev.convoy.driver.exchange.SlicedModel;
import dev.convoy.driver.exchange.SlicedState;
import dev.convoy.driver.exchange.WorkerResults;
import dev.convoy.worker.training.TrainedShard;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/**
 * Averages slice by slice on executors: each takes one slice of every worker's result, in shard
 * order, and keeps what they come to. So every executor sends and receives about as much as one
 * vector whatever their number, and the driver nothing but counts (Dai et al., "BigDL: A
 * Distributed Deep Learning Framework for Big Data", 2019). Driver only.
 *
 * <p>Workers' results that are lost with their executor are trained again, which gives the same
 * ones.
 */
final class ExecutorReduction implements Reduction {
  /** So many executors are not lost one after the other in one round. */
  private static final int MOST_PASSES = 12;

  private final JavaRDD<Integer> places;
  private final Task task;
  private final BiConsumer<List<Integer>, ExecutorReduction> training;
  private final Consumer<TaskCost> costs;
  private final List<Integer> shards = new ArrayList<>();
  private final List<Long> examples = new ArrayList<>();
  private final Map<Integer, String> executors = new HashMap<>();

  /**
   * Before the first result.
   *
   * @param places one element for each slice
   * @param training trains shards again, and tells this where; their results then lie on executors
   *     as before
   * @param costs receives what every slice cost
   */
  ExecutorReduction(
      JavaRDD<Integer> places,
      Task task,
      BiConsumer<List<Integer>, ExecutorReduction> training,
      Consumer<TaskCost> costs) {
    this.places = places;
    this.task = task;
    this.training = training;
    this.costs = costs;
  }

  @Override
  public void add(TrainedShard result) {
    add(result.shard(), result.examples());
  }

  /** Takes note of where a shard's result is. */
  void isOn(String executor, int shard) {
    executors.put(shard, executor);
  }

  void add(int shard, long trained) {
    shards.add(shard);
    examples.add(trained);
  }

  @Override
  public AveragedModel end() {
    int[] order = shards.stream().mapToInt(Integer::intValue).toArray();
    long[] weights = examples.stream().mapToLong(Long::longValue).toArray();
    boolean[] isFinite = {true};
    Map<Integer, Holder> averaged = new HashMap<>();
    Set<Integer> left = new TreeSet<>(IntStream.range(0, task.slices().count()).boxed().toList());
    int passes = 0;
    while (!left.isEmpty()) {
      Set<Integer> missing = new TreeSet<>();
      Task reduce = task;
      Map<String, Holder> all = Holder.all();
      Holder[] holders =
          shards.stream().map(shard -> all.get(executors.get(shard))).toArray(Holder[]::new);
      Jobs.run(
          places,
          slice -> reduce.run(slice, order, weights, holders),
          ReducedSlice.class,
          List.copyOf(left),
          (slice, reduced) -> {
            costs.accept(reduced.cost());
            if (reduced.missing().length == 0) {
              left.remove(slice);
              Optional.ofNullable(all.get(reduced.cost().executor()))
                  .ifPresent(holder -> averaged.put(slice, holder));
              isFinite[0] &= reduced.isFinite();
            }
            Arrays.stream(reduced.missing()).forEach(missing::add);
          });
      if (!missing.isEmpty()) {
        passes++;
        requireReachable(passes, missing, all);
        training.accept(List.copyOf(missing), this);
      }
    }
    return new SlicedModel(task.after().heldBy(averaged), isFinite[0]);
  }

  /** Executors that cannot fetch from each other would train the same shards for ever. */
  private void requireReachable(int passes, Set<Integer> missing, Map<String, Holder> all) {
    int shard = missing.iterator().next();
    Holder holder = all.get(executors.get(shard));
    if (passes < MOST_PASSES || holder == null) {
      return;
    }
    throw new JobException(
        Text.of(
            "Cannot average on executors: expected them to fetch from each other, found none that"
                + " reaches executor %s at %s:%d, %d times in turn, for what shard %d came to. Open"
                + " the port of spark.blockManager.port between executors, let them resolve each"
                + " other's names, or set averaging.route = driver.",
            holder.executor(), holder.host(), holder.port(), passes, shard),
        null);
  }

  /**
   * What a task does. Travels to executors.
   *
   * @param before what the round began with
   * @param place which round it is
   * @param results of the workers
   * @param after what the round comes to
   */
  record Task(
      RoundStart before,
      RoundPlace place,
      Averaging averaging,
      WorkerResults results,
      SlicedState after)
      implements Serializable {

    Slices slices() {
      return results.slices();
    }

    /** What one worker sent of a slice; each empty if it is gone. */
    private record Sent(
        Optional<float[]> parameters, Optional<byte[]> changes, Optional<float[]> optimizer) {
      boolean isThere() {
        return (parameters.isPresent() || changes.isPresent()) && optimizer.isPresent();
      }
    }

    /** Averages a slice of what {@code holders} have, each of one of {@code shards}. */
    ReducedSlice run(int slice, int[] shards, long[] examples, Holder[] holders) {
      TaskMeter meter = new TaskMeter();
      int length = after.lengths().get(ModelState.PARAMETERS);
      Averaging own = averaging.of(slices(), slice, length);
      Reducer reducer = own.reducer(before.slice(slice, slices()), place);
      float[] start = averaging.compression().isExact() ? new float[0] : startOfChanges(slice);
      List<Integer> missing = new ArrayList<>();
      Ahead.forEach(
          shards.length,
          i -> sent(holders[i], shards[i], slice),
          (i, sent) -> {
            if (!sent.isThere()) {
              missing.add(shards[i]);
            } else if (missing.isEmpty()) {
              float[] parameters =
                  sent.parameters()
                      .orElseGet(
                          () -> SentChanges.parameters(own, sent.changes().orElseThrow(), start));
              reducer.add(parameters, sent.optimizer().orElseThrow(), examples[i]);
            }
          });
      if (!missing.isEmpty()) {
        return ReducedSlice.missing(
            missing.stream().mapToInt(Integer::intValue).toArray(), meter.cost());
      }
      ModelState next = reducer.end();
      Jobs.requireAwaited();
      after.put(slice, next, averaging.rule().start(next));
      return ReducedSlice.averaged(next.isFinite(), meter.cost());
    }

    private Sent sent(Holder holder, int shard, int slice) {
      if (holder == null) {
        return new Sent(Optional.empty(), Optional.empty(), Optional.empty());
      }
      boolean isExact = averaging.compression().isExact();
      return new Sent(
          isExact ? results.parameters(holder, shard, slice) : Optional.empty(),
          isExact ? Optional.empty() : results.changes(holder, shard, slice),
          after.lengths().get(ModelState.OPTIMIZER) == 0
              ? Optional.of(new float[0])
              : results.optimizerState(holder, shard, slice));
    }

    private float[] startOfChanges(int slice) {
      float[] start = before.startSlice(slice, slices());
      return averaging.averagesGradients() ? new float[start.length] : start;
    }
  }
}
