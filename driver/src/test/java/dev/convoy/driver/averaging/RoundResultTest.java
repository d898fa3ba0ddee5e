package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.SyntheticSettings;
import dev.convoy.data.source.TableColumns;
import dev.convoy.driver.training.DataSplit;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.optimizer.GroupNorms;
import dev.convoy.worker.optimizer.LayerGroup;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.TrainedShard;
import dev.convoy.worker.training.WholeRound;
import dev.convoy.worker.training.WorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundResultTest {
  private static final List<Integer> SHARDS = List.of(0, 1, 2, 3);
  private static final RoundPlace FIRST = new RoundPlace(0, 0.1, 2);
  private static final List<TrainedShard> TRAINED = new ArrayList<>();
  @TempDir static Path directory;

  @BeforeAll
  static void trainAShortRoundOnEveryShard() throws IOException {
    ImageShape shape = new ImageShape(8, 8, 1);
    ImageSource source =
        ImageSources.open(
            new SourceSettings(
                "synthetic",
                null,
                Role.TRAIN,
                StoredShape.resized(shape),
                new DecodeLimits(1, 1),
                TableColumns.USUAL,
                new SyntheticSettings(14, 1, 2, 0.1, 1)),
            new Configuration(false));
    LocalTrainer replica = new LocalTrainer(settings());
    float[] parameters = replica.parameters();
    int index = 0;
    for (var part : DataSplit.shuffled(source.list().listing(), SHARDS.size(), 1)) {
      try (Shard shard =
          ShardPacker.pack(
              part,
              2,
              StoredShape.resized(shape),
              source,
              new MemoryBudget(1 << 20),
              Path.of("never-spilled"))) {
        TRAINED.add(
            replica.train(
                WholeRound.task(0, 0, 4, index++, 0, 1),
                shard,
                ShardTargets.labels(2),
                Normalization.identity(1),
                parameters,
                new float[0]));
      }
    }
  }

  @Test
  void theShardsAreOfDifferentWeightsAndParameters() {
    assertThat(TRAINED).extracting(TrainedShard::examples).containsExactly(3L, 4L, 3L, 4L);
    assertThat(TRAINED).extracting(TrainedShard::lossSum).doesNotHaveDuplicates();
  }

  @Test
  void parametersAndStateAreAveragedByExamples() {
    RoundResult result = add(TRAINED);
    WeightedMean parameters = new WeightedMean();
    WeightedMean state = new WeightedMean();
    for (TrainedShard trained : TRAINED) {
      parameters.add(trained.parameters(), trained.examples());
      state.add(trained.optimizerState(), trained.examples());
    }
    assertThat(result.model().parameters()).isEqualTo(parameters.mean());
    assertThat(optimizer(result)).isEqualTo(state.mean()).isNotEqualTo(result.model().parameters());
  }

  @Test
  void countsAndLossesAreSummed() {
    RoundResult result = add(TRAINED);
    assertThat(result.examples()).isEqualTo(14);
    assertThat(result.fingerprint())
        .isEqualTo(TRAINED.stream().mapToLong(TrainedShard::fingerprint).sum());
    double lossSum = 0;
    for (TrainedShard trained : TRAINED) {
      lossSum += trained.lossSum();
    }
    assertThat(result.lossSum()).isEqualTo(lossSum);
    assertThat(result.waitingShare()).isBetween(0.0, 1.0);
  }

  @Test
  void normsOfTheLastStepsAreAveragedByExamples() {
    double sum = 0;
    for (TrainedShard trained : TRAINED) {
      sum += trained.examples() * new GroupNorms(trained.groupNorms()).gradient(LayerGroup.OUTPUT);
    }
    GroupNorms norms = add(TRAINED).groupNorms();
    assertThat(norms.gradient(LayerGroup.OUTPUT)).isPositive().isEqualTo((float) (sum / 14));
    assertThat(norms.gradient(LayerGroup.FIRST)).as("a network of one layer").isNaN();
  }

  @Test
  void anyOrderOfArrivalGivesTheSameBits() {
    RoundResult inOrder = add(TRAINED);
    Random random = new Random(5);
    for (int trial = 0; trial < 24; trial++) {
      List<TrainedShard> shuffled = new ArrayList<>(TRAINED);
      Collections.shuffle(shuffled, random);
      RoundResult result = add(shuffled);
      assertThat(result.model().parameters()).isEqualTo(inOrder.model().parameters());
      assertThat(optimizer(result)).isEqualTo(optimizer(inOrder));
      assertThat(result.lossSum()).isEqualTo(inOrder.lossSum());
      assertThat(result.fingerprint()).isEqualTo(inOrder.fingerprint());
      assertThat(result.groupNorms().values()).isEqualTo(inOrder.groupNorms().values());
    }
  }

  @Test
  void whatFindsNoRoomInMemoryWaitsInAFileAndGivesTheSameBits() throws IOException {
    RoundResult inOrder = add(TRAINED);
    long one = 4L * (TRAINED.get(0).parameters().length + TRAINED.get(0).optimizerState().length);
    for (long room : new long[] {0, one, 2 * one}) {
      try (RoundResult result =
          new RoundResult(
              Averaging.mean().onDriver(before(), FIRST),
              SHARDS,
              room,
              directory,
              new RoundCosts())) {
        for (int shard : new int[] {3, 1, 2}) {
          result.add(TRAINED.get(shard));
          assertThat(result.bytesHeld()).isLessThanOrEqualTo(room);
        }
        result.add(TRAINED.get(0));
        assertThat(result.bytesHeld()).isZero();
        assertThat(result.model().parameters()).isEqualTo(inOrder.model().parameters());
        assertThat(optimizer(result)).isEqualTo(optimizer(inOrder));
        assertThat(result.lossSum()).isEqualTo(inOrder.lossSum());
      }
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void aFileOfMoreThanOneBufferIsReadBackAsItWas() {
    float[] large = new float[100_003];
    for (int i = 0; i < large.length; i++) {
      large[i] = i;
    }
    TrainedShard trained = TRAINED.get(1).withVectors(large, new float[] {-0.0f, Float.NaN});
    try (EarlyResults early = new EarlyResults(0, directory)) {
      early.put(TRAINED.get(2));
      early.put(trained);
      TrainedShard back = early.remove(1);
      assertThat(back.parameters()).isEqualTo(large);
      assertThat(back.optimizerState()).containsExactly(-0.0f, Float.NaN);
      assertThat(back.examples()).isEqualTo(trained.examples());
      assertThat(early.remove(2).parameters()).isEqualTo(TRAINED.get(2).parameters());
    }
  }

  @Test
  void aRoundOfSomeShardsWaitsForThoseAlone() {
    RoundResult result = Averaging.mean().begin(before(), FIRST, List.of(1, 3), directory);
    result.add(TRAINED.get(3));
    result.add(TRAINED.get(1));
    assertThat(result.examples()).isEqualTo(8);
    assertThat(result.model().parameters()).hasSize(8 * 8 * 2 + 2);
  }

  @Test
  void aMissingShardIsNotPassedOver() {
    RoundResult result = Averaging.mean().begin(before(), FIRST, SHARDS, directory);
    result.add(TRAINED.get(0));
    result.add(TRAINED.get(3));
    assertThatThrownBy(result::model)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot average: shards [1, 2, 3] are missing");
  }

  private static float[] optimizer(RoundResult result) {
    return result.model().vectors().get(ModelState.OPTIMIZER).whole();
  }

  private static ModelState before() {
    return ModelState.first(TRAINED.get(0).parameters());
  }

  private static RoundResult add(List<TrainedShard> trained) {
    RoundResult result = Averaging.mean().begin(before(), FIRST, SHARDS, directory);
    trained.forEach(result::add);
    return result;
  }

  private static WorkerSettings settings() {
    return new WorkerSettings(
        1,
        ComponentSettings.defaults("linear"),
        Losses.DEFAULT,
        new InputShape(8, 8, 1, 2),
        PlainOptimizer.settings(
            ComponentSettings.defaults("nesterov"),
            0.1,
            OptimizerSettings.Regularization.none(),
            ComponentSettings.defaults("constant")),
        List.of(),
        new WorkerSettings.Batches(2, 1, 1, 1),
        Accelerator.Settings.none(),
        DataInitializations.OFF);
  }
}
