package dev.convoy.driver.cluster;

import dev.convoy.data.shard.Examples;
import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.OptimizerStates;
import dev.convoy.driver.averaging.Reduction;
import dev.convoy.driver.averaging.RoundCosts;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.averaging.SentChanges;
import dev.convoy.driver.averaging.Slices;
import dev.convoy.driver.averaging.SteppedReduction;
import dev.convoy.driver.averaging.Vector;
import dev.convoy.driver.cluster.ImageView.ExamplesTask;
import dev.convoy.driver.exchange.BroadcastStart;
import dev.convoy.driver.exchange.RoundStart;
import dev.convoy.driver.exchange.SlicedModel;
import dev.convoy.driver.exchange.SlicedState;
import dev.convoy.driver.exchange.WorkerResults;
import dev.convoy.worker.training.TrainedShard;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;

/**
 * Rounds whose results stay on executors, where they are averaged slice by slice. Driver only.
 *
 * <p>What workers keep for themselves is on the executor where each trained, in one copy: if that
 * is lost, the run goes back to its latest checkpoint.
 */
final class ExecutorRounds implements RoundRoute {
  private static final float[] NOWHERE = {};

  private final SparkCluster cluster;
  private final Averaging averaging;
  private final int parameters;
  private final int optimizerState;
  private final Slices slices;

  /** One element for each slice, where it was averaged last. */
  private final JavaRDD<Integer> places;

  /**
   * Before the first round.
   *
   * @param sizes of a worker's result; the same in every round
   */
  ExecutorRounds(SparkCluster cluster, Averaging averaging, VectorSizes sizes) {
    this.cluster = cluster;
    this.averaging = averaging;
    this.parameters = Math.toIntExact(sizes.parameters());
    this.optimizerState = Math.toIntExact(sizes.optimizerState());
    this.slices = Slices.of(parameters, averaging.layout(), cluster.slots());
    this.places = cluster.numbers(slices.count()).cache();
  }

  @Override
  public RoundResult train(RoundWork work, AveragedModel before) {
    ImageView images = work.images();
    List<Integer> shards = work.shards();
    SparkContext spark = cluster.context().sc();
    int[] examples = images.sizes();
    List<Integer> all = images.shards(shard -> examples[shard] > 0);
    WorkerResults results = WorkerResults.begin(spark, examples.length, slices);
    SlicedState after = begin(averaging.beforeStep(), all);
    try (BroadcastStart broadcast =
        before instanceof SlicedModel
            ? null
            : BroadcastStart.of(cluster.context(), before, averaging.rule(), true)) {
      RoundStart start = before instanceof SlicedModel sliced ? sliced.state() : broadcast;
      Task task =
          new Task(work.training(), averaging, start, results, after, work.place().workers());
      RoundCosts costs = new RoundCosts();
      ExecutorReduction averages =
          new ExecutorReduction(
              places,
              new ExecutorReduction.Task(
                  start, work.place(), averaging.beforeStep(), results, after),
              (lost, told) ->
                  images.run(
                      lost,
                      WorkerReport.class,
                      task,
                      (shard, again) -> told.isOn(again.cost().executor(), shard)),
              costs::fetched);
      Reduction reduction =
          averaging.averagesGradients()
              ? new SteppedReduction(averages, mean -> stepped(work, start, after))
              : averages;
      try (RoundResult result = new RoundResult(reduction, shards, Jobs.scratch(), costs)) {
        images.run(
            shards,
            WorkerReport.class,
            task,
            (shard, report) -> {
              costs.worker(report.cost());
              averages.isOn(report.cost().executor(), shard);
              result.add(report.trained());
            });
        if (!after.workers().lengths().isEmpty() && shards.size() < all.size()) {
          List<Integer> idle = all.stream().filter(shard -> !shards.contains(shard)).toList();
          images.run(idle, Boolean.class, task::carryOn, (shard, done) -> {});
        }
        result.model();
        return result;
      }
    } catch (RuntimeException e) {
      after.remove();
      throw e;
    } finally {
      results.remove();
    }
  }

  private SlicedState begin(Averaging reduced, List<Integer> shards) {
    return SlicedState.begin(
        cluster.context().sc(),
        reduced,
        parameters,
        optimizerState,
        slices,
        cluster.executors() > 1 ? 2 : 1,
        shards);
  }

  /**
   * Takes a step with the mean gradient on the executor of the first shard; what it leaves is in
   * slices.
   */
  private SteppedReduction.Stepped stepped(RoundWork work, RoundStart start, SlicedState mean) {
    GradientStep step = work.step();
    SlicedState next = begin(averaging, List.of()).withWorkersOf(mean);
    StepReport report;
    try {
      report =
          work.images()
              .runOne(
                  work.shards().get(0),
                  StepReport.class,
                  (any, examples) -> {
                    TrainedShard stepped =
                        step.step(start.parameters(), start.optimizerState(), mean.parameters());
                    Jobs.requireAwaited();
                    next.putWhole(stepped.parameters(), stepped.optimizerState());
                    return new StepReport(
                        stepped.withVectors(NOWHERE, NOWHERE),
                        Vector.isFinite(stepped.parameters()));
                  });
    } catch (RuntimeException e) {
      next.removeVectors();
      throw e;
    }
    mean.removeVectors();
    return new SteppedReduction.Stepped(
        new SlicedModel(next, report.isFinite()), report.stepped().groupNorms());
  }

  @Override
  public void close() {
    Jobs.free(places);
  }

  /**
   * What an executor does for a shard. Travels there.
   *
   * @param start of the round
   * @param results where the worker's go
   * @param after where what it keeps goes
   * @param workers of the run that have images
   */
  private record Task(
      ShardTraining training,
      Averaging averaging,
      RoundStart start,
      WorkerResults results,
      SlicedState after,
      int workers)
      implements ExamplesTask<WorkerReport> {

    @Override
    public WorkerReport run(int shard, Examples examples) throws Exception {
      TaskMeter meter = new TaskMeter();
      float[] begun = start.parameters();
      float[] parameters =
          averaging.rule().keepsParameters() ? kept(shard, ModelState.PARAMETERS, begun) : begun;
      float[] optimizer =
          averaging.optimizerStates() == OptimizerStates.KEEP
              ? kept(shard, ModelState.OPTIMIZER, NOWHERE)
              : start.optimizerState();
      meter.hasStart();
      TrainedShard trained = training.train(shard, examples, parameters, optimizer);
      meter.hasTrained();
      Jobs.requireAwaited();
      send(shard, trained, begun);
      Jobs.requireAwaited();
      keep(shard, trained, begun);
      return new WorkerReport(trained.withVectors(NOWHERE, NOWHERE), meter.cost());
    }

    private float[] kept(int shard, String name, float[] atFirst) {
      return start.kept(shard, name).orElse(atFirst);
    }

    private void send(int shard, TrainedShard trained, float[] begun) {
      if (averaging.averagesOptimizerStates() && trained.optimizerState().length > 0) {
        results.putOptimizerState(shard, trained.optimizerState());
      }
      if (averaging.compression().isExact()) {
        results.putParameters(shard, trained.parameters());
        return;
      }
      int learned = averaging.layout().learnedValues();
      float[] residual = kept(shard, ModelState.RESIDUAL, new float[learned]).clone();
      float[] from = averaging.averagesGradients() ? new float[begun.length] : begun;
      List<byte[]> changes =
          SentChanges.of(averaging, results.slices(), trained.parameters(), from, residual);
      for (int slice = 0; slice < changes.size(); slice++) {
        results.putChanges(shard, slice, changes.get(slice));
      }
      after.keep(shard, ModelState.RESIDUAL, residual);
    }

    private void keep(int shard, TrainedShard trained, float[] begun) {
      if (averaging.rule().keepsParameters()) {
        after.keep(
            shard,
            ModelState.PARAMETERS,
            averaging.rule().keep(trained.parameters(), begun, workers, averaging.layout()));
      }
      if (averaging.optimizerStates() == OptimizerStates.KEEP
          && trained.optimizerState().length > 0) {
        after.keep(shard, ModelState.OPTIMIZER, trained.optimizerState());
      }
    }

    /** Of a worker without examples left in the epoch, which keeps what it has. */
    Boolean carryOn(int shard, Examples examples) {
      Jobs.requireAwaited();
      after
          .workers()
          .lengths()
          .keySet()
          .forEach(
              name -> start.kept(shard, name).ifPresent(values -> after.keep(shard, name, values)));
      return true;
    }
  }
}
