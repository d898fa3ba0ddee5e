package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.averaging.AveragedModel;
import dev.convoy.driver.averaging.Averaging;
import dev.convoy.driver.averaging.AveragingRules;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.OptimizerStates;
import dev.convoy.driver.averaging.Reducer;
import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.driver.averaging.Slices;
import dev.convoy.driver.exchange.BroadcastStart;
import dev.convoy.driver.exchange.SlicedState;
import dev.convoy.driver.exchange.WorkerResults;
import dev.convoy.driver.report.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerUnpersistRDD;
import org.apache.spark.storage.RDDBlockId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

class ExecutorReductionTest {
  private static final int LENGTH = 50;
  private static final Slices SLICES = new Slices(4, List.of());
  private static final RoundPlace FIRST = new RoundPlace(0, 0.1, 2);
  private static final Averaging MEAN = Averaging.mean();
  private static final long[] EXAMPLES = {5, 3, 4};
  private static final String HERE = "driver";

  @TempDir static Path shared;
  private static SparkCluster cluster;

  private final Random random = new Random(9);
  private final ModelState before = ModelState.first(floats(LENGTH));
  private final List<float[]> trained = List.of(floats(LENGTH), floats(LENGTH), floats(LENGTH));
  private final List<float[]> states =
      List.of(floats(2 * LENGTH), floats(2 * LENGTH), floats(2 * LENGTH));

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void resultsThatAreGoneAreTrainedAgain() {
    List<List<Integer>> again = new ArrayList<>();
    try (Round round = new Round()) {
      round.put(0);
      round.put(2);
      AveragedModel found =
          round.average(
              lost -> {
                again.add(lost);
                lost.forEach(round::put);
              });
      ModelState expected = onDriver();
      assertThat(again).containsExactly(List.of(1));
      assertThat(found.parameters()).isEqualTo(expected.parameters());
      assertThat(found.vectors().get(ModelState.OPTIMIZER).whole()).isEqualTo(expected.optimizer());
      assertThat(found.isFinite()).isTrue();
    }
  }

  @Test
  void whatIsNoNumberIsSaidToBe() {
    trained.get(2)[LENGTH - 1] = Float.NaN;
    try (Round round = new Round()) {
      assertThat(round.average(lost -> lost.forEach(round::put)).isFinite()).isFalse();
    }
  }

  /** What a reduction is told of in vain: an executor that has ended meanwhile. */
  @Test
  void resultsOfAnExecutorThatIsGoneAreTrainedAgain() {
    List<Integer> again = new ArrayList<>();
    try (Round round = new Round()) {
      IntStream.range(0, EXAMPLES.length).forEach(round::put);
      round.toldOf = "7";
      AveragedModel found = round.average(again::addAll);
      assertThat(again).containsExactlyInAnyOrder(0, 1, 2);
      assertThat(found.parameters()).isEqualTo(onDriver().parameters());
    }
  }

  /** As behind a firewall: the driver hears of every result, and nobody can fetch it. */
  @Test
  void executorsThatCannotFetchFromEachOtherAreNamed() {
    try (Round round = new Round()) {
      assertThatThrownBy(() -> round.average(lost -> {}))
          .isInstanceOf(JobException.class)
          .hasMessageContaining("found none that reaches executor driver at ")
          .hasMessageContaining(
              "for what shard 0 came to. Open the port of spark.blockManager.port");
    }
  }

  /** Such as plain gradient descent, whatever else workers keep. */
  @Test
  void anOptimizerWithoutStateHasNothingThatWorkersKeep() {
    for (String rule : List.of("mean", "elastic")) {
      Averaging keeping =
          new Averaging(
              AveragingRules.FAMILY.create(ComponentSettings.defaults(rule)),
              OptimizerStates.KEEP,
              MEAN.compression(),
              MEAN.layout());
      SlicedState state =
          SlicedState.begin(cluster.context().sc(), keeping, LENGTH, 0, SLICES, 1, List.of(0));
      keeping.kept(LENGTH, 0).forEach((name, length) -> state.keep(0, name, floats(length)));
      assertThat(state.kept(0, ModelState.OPTIMIZER)).as(rule).isEmpty();
      state.remove();
    }
  }

  /** Spark's own count of what executors keep, by which dynamic allocation goes. */
  @Test
  void nothingThatIsDeletedIsCountedAsKept() throws Exception {
    Set<Integer> put = ConcurrentHashMap.newKeySet();
    Set<Integer> deleted = ConcurrentHashMap.newKeySet();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onBlockUpdated(SparkListenerBlockUpdated event) {
            Option<RDDBlockId> block = event.blockUpdatedInfo().blockId().asRDDId();
            if (block.isDefined()) {
              put.add(block.get().rddId());
            }
          }

          @Override
          public void onUnpersistRDD(SparkListenerUnpersistRDD event) {
            deleted.add(event.rddId());
          }
        };
    SparkContext spark = cluster.context().sc();
    spark.addSparkListener(listener);
    try (Round round = new Round()) {
      IntStream.range(0, EXAMPLES.length).forEach(round::put);
      round.average(lost -> {});
    }
    spark.listenerBus().waitUntilEmpty();
    spark.removeSparkListener(listener);
    assertThat(put).isNotEmpty();
    assertThat(deleted).containsAll(put);
  }

  /** A round's slices on executors, which the driver is one of here. */
  private final class Round implements AutoCloseable {
    private String toldOf = HERE;
    private final BroadcastStart start =
        BroadcastStart.of(cluster.context(), before, MEAN.rule(), true);
    private final WorkerResults results =
        WorkerResults.begin(cluster.context().sc(), EXAMPLES.length, SLICES);
    private final SlicedState after =
        SlicedState.begin(cluster.context().sc(), MEAN, LENGTH, 2 * LENGTH, SLICES, 1, List.of());

    void put(int shard) {
      results.putParameters(shard, trained.get(shard));
      results.putOptimizerState(shard, states.get(shard));
    }

    AveragedModel average(Consumer<List<Integer>> training) {
      JavaRDD<Integer> places =
          cluster
              .context()
              .parallelize(IntStream.range(0, SLICES.count()).boxed().toList(), SLICES.count());
      ExecutorReduction reduction =
          new ExecutorReduction(
              places,
              new ExecutorReduction.Task(start, FIRST, MEAN, results, after),
              (lost, told) -> {
                training.accept(lost);
                lost.forEach(shard -> told.isOn(HERE, shard));
              },
              cost -> {});
      for (int shard = 0; shard < EXAMPLES.length; shard++) {
        reduction.isOn(toldOf, shard);
        reduction.add(shard, EXAMPLES[shard]);
      }
      return reduction.end();
    }

    @Override
    public void close() {
      after.remove();
      results.remove();
      start.close();
    }
  }

  private ModelState onDriver() {
    Reducer reducer = MEAN.reducer(before, FIRST);
    for (int shard = 0; shard < EXAMPLES.length; shard++) {
      reducer.add(trained.get(shard), states.get(shard), EXAMPLES[shard]);
    }
    return reducer.end();
  }

  private float[] floats(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
