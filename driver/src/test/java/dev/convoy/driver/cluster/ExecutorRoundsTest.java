package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.OptimizerStates;
import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.DataSplit;
import dev.convoy.driver.training.ImageListings;
import dev.convoy.worker.training.RoundTask;
import dev.convoy.worker.training.TrainedShard;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.util.TaskCompletionListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

class ExecutorRoundsTest {
  private static final int PARAMETERS = 50;
  private static final Averaging KEEPING =
      new Averaging(
          Averaging.mean().rule(),
          OptimizerStates.KEEP,
          Averaging.mean().compression(),
          Averaging.mean().layout());

  /** Tasks run in this process, and are copies of what was sent. */
  private static final CountDownLatch BEGUN = new CountDownLatch(1);

  private static final CountDownLatch ABORTED = new CountDownLatch(1);
  private static final CountDownLatch ENDED = new CountDownLatch(1);

  @TempDir Path temporary;

  /** Spark marks the tasks of a job that has failed, and lets them run on. */
  @Test
  void aTaskOfARoundThatHasFailedLeavesNothing() throws Exception {
    RunConfiguration configuration = Experiments.small(temporary);
    try (SparkCluster cluster = SparkCluster.start(configuration, Progress.none());
        ShardedImages images = pack(cluster, configuration);
        ExecutorRounds rounds =
            new ExecutorRounds(cluster, KEEPING, new VectorSizes(PARAMETERS, PARAMETERS))) {
      int before = cluster.context().sc().newRddId();
      RoundWork work = work(images);

      assertThatThrownBy(() -> rounds.train(work, ModelState.first(new float[PARAMETERS])))
          .isInstanceOf(DataException.class)
          .hasMessage("gone");
      ABORTED.countDown();

      assertThat(ENDED.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(blocksOfSetsSince(before)).isEmpty();
    }
  }

  /** Fails for one shard, and goes on for the other until after that. */
  private static TrainedShard train(int shard) throws InterruptedException {
    if (shard == 0) {
      BEGUN.await();
      throw new DataException("gone");
    }
    TaskCompletionListener end = ended -> ENDED.countDown();
    TaskContext.get().addTaskCompletionListener(end);
    BEGUN.countDown();
    ABORTED.await();
    while (!TaskContext.get().isInterrupted()) {
      Thread.onSpinWait();
    }
    return new TrainedShard(
        shard, 1, 0, 0, 0, 0, new float[0], new float[PARAMETERS], new float[PARAMETERS]);
  }

  private static List<BlockId> blocksOfSetsSince(int id) {
    return JavaConverters.seqAsJavaList(
        SparkEnv.get()
            .blockManager()
            .getMatchingBlockIds(
                new AbstractFunction1<BlockId, Object>() {
                  @Override
                  public Object apply(BlockId block) {
                    return block instanceof RDDBlockId array && array.rddId() > id;
                  }
                }));
  }

  private static RoundWork work(ShardedImages images) {
    return new RoundWork(
        images.view(),
        Optional.empty(),
        new RoundTask(0, 0, 1, 0, 0, 1, 1, Double.POSITIVE_INFINITY),
        List.of(0, 1),
        (shard, examples, parameters, state) -> train(shard),
        (parameters, state, gradient) -> null,
        new RoundPlace(0, 0.1, 2));
  }

  private static ShardedImages pack(SparkCluster cluster, RunConfiguration configuration) {
    Listing listing =
        ImageListings.list(configuration.data(), "", Role.TRAIN, Progress.none()).listing();
    return ShardedImages.pack(
        cluster, configuration, Role.TRAIN, "", DataSplit.inOrder(listing, 2), 3, Progress.none());
  }
}
