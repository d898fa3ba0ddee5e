package dev.convoy.driver.cluster;

import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.Reduction;
import dev.convoy.driver.averaging.RoundResult;
import dev.convoy.driver.averaging.SteppedReduction;
import dev.convoy.driver.exchange.BroadcastStart;
import dev.convoy.driver.exchange.RoundStart;
import dev.convoy.worker.training.TrainedShard;
import java.util.Collections;

/**
 * Rounds whose results come to the driver, which averages them and broadcasts what comes of it.
 * Driver only.
 */
final class DriverRounds implements RoundRoute {
  private final SparkCluster cluster;
  private final Averaging averaging;

  DriverRounds(SparkCluster cluster, Averaging averaging) {
    this.cluster = cluster;
    this.averaging = averaging;
  }

  @Override
  public RoundResult train(RoundWork work, AveragedModel before) {
    ModelState state = before.inMemory();
    try (BroadcastStart start =
        BroadcastStart.of(cluster.context(), state, averaging.rule(), false)) {
      Reduction averages = averaging.onDriver(state, work.place());
      Reduction reduction =
          averaging.averagesGradients()
              ? new SteppedReduction(averages, mean -> stepped(work, start, mean.parameters()))
              : averages;
      return train(work, start, reduction);
    }
  }

  private static RoundResult train(RoundWork work, RoundStart start, Reduction reduction) {
    ShardTraining training = work.training();
    try (RoundResult result = new RoundResult(reduction, work.shards(), Jobs.scratch())) {
      work.images()
          .run(
              work.shards(),
              WorkerReport.class,
              (shard, examples) -> {
                TaskMeter meter = new TaskMeter();
                float[] parameters = start.parameters();
                float[] optimizerState = start.optimizerState();
                meter.hasStart();
                TrainedShard trained = training.train(shard, examples, parameters, optimizerState);
                meter.hasTrained();
                return new WorkerReport(trained, meter.cost());
              },
              (shard, report) -> {
                result.costs().worker(report.cost());
                result.add(report.trained());
              });
      result.model();
      return result;
    }
  }

  /** Takes a step with the mean gradient on the executor of the first shard. */
  private SteppedReduction.Stepped stepped(RoundWork work, RoundStart start, float[] mean) {
    GradientStep step = work.step();
    return cluster.broadcasting(
        mean,
        gradient -> {
          TrainedShard done =
              work.images()
                  .runOne(
                      work.shards().get(0),
                      TrainedShard.class,
                      (any, examples) ->
                          step.step(start.parameters(), start.optimizerState(), gradient.value()));
          return new SteppedReduction.Stepped(
              new ModelState(
                  done.parameters(), done.optimizerState(), Collections.emptySortedMap()),
              done.groupNorms());
        });
  }

  /** Nothing is left of a round. */
  @Override
  public void close() {}
}
