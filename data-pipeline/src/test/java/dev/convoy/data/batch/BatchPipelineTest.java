package dev.convoy.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.Cancellation;
import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.ArraySource;
import dev.convoy.data.shard.Examples;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Selection;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.Listing;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchPipelineTest {
  private static final ImageShape SHAPE = new ImageShape(3, 4, 3);
  private static final Normalization IDENTITY = Normalization.identity(3);
  private static final ShardTargets LABELS = ShardTargets.labels(ArraySource.CLASSES);

  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 997})
  void everyExampleIsTrainedOnExactlyOncePerEpoch(int examples) throws Exception {
    for (int workers : new int[] {1, 2, 3, 5}) {
      List<Shard> shards = shards(examples, workers);
      for (int batchSize : new int[] {1, 8, 64}) {
        for (int frequency : new int[] {1, 3, 100}) {
          int[] seen = idsOfOneEpoch(shards, new EpochPlan(42, 1, batchSize, frequency), batchSize);

          assertThat(Arrays.stream(seen).sorted().toArray())
              .as("%d workers, batch %d, every %d", workers, batchSize, frequency)
              .isEqualTo(IntStream.range(0, examples).toArray());
        }
      }
      shards.forEach(Shard::close);
    }
  }

  @AfterEach
  void workGoesOn() {
    Cancellation.withdraw();
  }

  @Test
  void noBatchComesAfterTheProcessBeganToEnd() throws Exception {
    int[] order = {0, 1, 2, 3};
    try (Shard shard = shard(4);
        BatchPipeline batches = new BatchPipeline(shard, order, 0, 4, 1)) {
      assertThat(batches.next().ids()).startsWith(0);
      Cancellation.request();
      assertThatThrownBy(batches::next)
          .isInstanceOf(CancellationException.class)
          .hasMessage("The process is ending.");
      Cancellation.withdraw();
      assertThat(batches.next().ids()).as("asked again").startsWith(1);
    }
  }

  @Test
  void batchesHoldTheNormalisedPixelsOfTheirExamples() throws Exception {
    Normalization normalization =
        Normalization.of(new float[] {0.1f, 0.2f, 0.3f}, new float[] {0.5f, 0.6f, 0.7f});
    int[] order = {4, 0, 3, 1};
    try (Shard shard = shard(5);
        BatchPipeline batches = new BatchPipeline(shard, order, 1, 4, 2)) {
      Batch first = batches.next();
      assertThat(first.size()).isEqualTo(2);
      assertThat(Arrays.copyOf(first.ids(), 2)).containsExactly(0, 3);
      assertThat(Arrays.copyOf(first.labels(), 2)).containsExactly(0, 0);
      assertThat(image(first, 1, normalization)).containsExactly(expected(3, normalization));

      Batch tail = batches.next();
      assertThat(tail.size()).isEqualTo(1);
      assertThat(tail.ids()[0]).isEqualTo(1);
      assertThat(tail.labels()[0]).isEqualTo(1);
      assertThat(image(tail, 0, normalization)).containsExactly(expected(1, normalization));

      assertThat(batches.next()).isNull();
      assertThat(batches.next()).isNull();
    }
  }

  @Test
  void augmentationIsKeyedByEpochAndExampleNotByPlaceInTheBatch() throws Exception {
    Augmentations augmentations =
        Augmentations.of(
            List.of(
                new ComponentSettings("random-crop", Map.of("padding", 2.0)),
                new ComponentSettings("horizontal-flip", Map.of())));
    int[] forwards = IntStream.range(0, 20).toArray();
    int[] backwards = IntStream.range(0, 20).map(i -> 19 - i).toArray();
    try (Shard shard = shard(20)) {
      float[][] one = images(shard, forwards, 7, augmentations, 3);
      float[][] other = images(shard, backwards, 4, augmentations, 3);
      float[][] nextEpoch = images(shard, forwards, 7, augmentations, 4);

      assertThat(other).isDeepEqualTo(one);
      assertThat(Arrays.deepEquals(nextEpoch, one)).isFalse();
      byte[] pixels = ArraySource.pixels(11, SHAPE);
      Picture picture =
          augmentations.apply(
              new Picture(SHAPE, pixels), SHAPE, KeyedRandom.of(1, Purpose.AUGMENTATION, 3, 11));
      assertThat(one[11]).containsExactly(normalised(picture.pixels(), IDENTITY));
    }
  }

  @Test
  void copiesOfAnExampleAreAugmentedDifferentlyAndTheFirstAsIfItWereAlone() throws Exception {
    Augmentations augmentations =
        Augmentations.of(List.of(new ComponentSettings("random-crop", Map.of("padding", 2.0))));
    try (Shard shard = shard(20)) {
      Examples repeated = Selection.times(new int[] {1, 8, 1}).of(shard);
      int[] order = IntStream.range(0, 10).toArray();
      float[][] alone = images(shard, order, 5, augmentations, 3);
      float[][] copies = inOrder(repeated, augmentations, 3);

      assertThat(copies[1]).containsExactly(alone[1]);
      assertThat(copies[9]).containsExactly(alone[2]);
      assertThat(Arrays.stream(copies, 1, 9).map(Arrays::toString).distinct())
          .as("25 crops, 8 copies")
          .hasSizeGreaterThan(3);
    }
  }

  @Test
  void targetsAreTheLabelsOrWhatIsGivenForEachPosition() throws Exception {
    float[] given = {0.1f, 0.2f, 0.7f, 0.3f, 0.3f, 0.4f, 1, 0, 0, 0, 1, 0};
    int[] order = {3, 1, 0};
    try (Shard shard = shard(4);
        BatchPipeline labels = new BatchPipeline(shard, order, 0, 3, 3);
        BatchPipeline soft =
            new BatchPipeline(
                shard, new ShardTargets(3, given), order, 0, 3, 3, Augmentations.none(), 1, 0)) {
      assertThat(targets(labels.next())).containsExactly(1, 0, 0, 0, 1, 0, 1, 0, 0);
      assertThat(targets(soft.next())).containsExactly(0, 1, 0, 0.3f, 0.3f, 0.4f, 0.1f, 0.2f, 0.7f);
    }
  }

  @Test
  void anImagesWeightComesWithItsTarget() throws Exception {
    ArraySource source = new ArraySource(4, SHAPE);
    Listing weighted = source.list().listing().withWeights(new float[] {0, 1, 2, 3});
    int[] order = {3, 1, 0};
    try (Shard shard =
            ShardPacker.pack(
                weighted,
                ArraySource.CLASSES,
                StoredShape.resized(SHAPE),
                source,
                new MemoryBudget(0),
                scratch);
        BatchPipeline batches = new BatchPipeline(shard, order, 0, 3, 3);
        BatchPipeline twice =
            new BatchPipeline(
                Selection.times(new int[] {0, 0, 2}).of(shard), new int[] {1}, 0, 1, 1)) {
      Targets targets = batches.next().targets();
      assertThat(List.of(targets.weight(0), targets.weight(1), targets.weight(2)))
          .containsExactly(3f, 1f, 0f);
      assertThat(twice.next().targets().weight(0)).isEqualTo(2);
    }
  }

  @Test
  void smoothingGoesOnTopOfLabelsAndOfWhatIsGiven() throws Exception {
    Augmentations smoothing =
        Augmentations.of(List.of(new ComponentSettings("label-smoothing", Map.of("amount", 0.3))));
    float[] given = {0.1f, 0.2f, 0.7f};
    try (Shard shard = shard(1);
        BatchPipeline labels =
            new BatchPipeline(shard, LABELS, new int[] {0}, 0, 1, 1, smoothing, 1, 0);
        BatchPipeline soft =
            new BatchPipeline(
                shard, new ShardTargets(3, given), new int[] {0}, 0, 1, 1, smoothing, 1, 0)) {
      assertThat(targets(labels.next()))
          .usingComparatorWithPrecision(1e-6f)
          .containsExactly(0.8f, 0.1f, 0.1f);
      assertThat(targets(soft.next()))
          .usingComparatorWithPrecision(1e-6f)
          .containsExactly(0.17f, 0.24f, 0.59f);
    }
  }

  @Test
  void mixingIsKeyedByEpochAndTheBatchsFirstExample() throws Exception {
    Augmentations mixup = Augmentations.of(List.of(ComponentSettings.defaults("mixup")));
    int[] order = IntStream.range(0, 20).toArray();
    try (Shard shard = shard(20)) {
      float[][] once = images(shard, order, 7, mixup, 3);
      assertThat(images(shard, order, 7, mixup, 3)).isDeepEqualTo(once);
      assertThat(Arrays.deepEquals(images(shard, order, 7, mixup, 4), once)).isFalse();
      assertThat(Arrays.deepEquals(images(shard, order, 7, Augmentations.none(), 3), once))
          .isFalse();
    }
  }

  @Test
  void copiesOfAnImageAreMixedWithAnotherImage() throws Exception {
    Augmentations mixup = Augmentations.of(List.of(ComponentSettings.defaults("mixup")));
    try (Shard shard = shard(2);
        BatchPipeline batches =
            new BatchPipeline(
                Selection.times(new int[] {2, 1}).of(shard),
                LABELS,
                new int[] {0, 1, 2},
                0,
                3,
                3,
                mixup,
                1,
                0)) {
      Targets targets = batches.next().targets();
      assertThat(targets.probability(0, 1)).isPositive();
      assertThat(targets.probability(1, 1)).isPositive();
      assertThat(targets.probability(2, 0)).isPositive();
    }
  }

  private static float[] targets(Batch batch) {
    float[] targets = new float[batch.size() * 3];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = batch.targets().probability(i / 3, i % 3);
    }
    return targets;
  }

  @Test
  void aBatchStaysValidUntilTheNextIsTaken() throws Exception {
    int[] order = IntStream.range(0, 64).toArray();
    try (Shard shard = shard(64);
        BatchPipeline batches = new BatchPipeline(shard, order, 0, 64, 1)) {
      Thread assembler = assembler();
      Batch first = batches.next();
      // The assembler has one more buffer: once that is filled it waits, or else it ends.
      while (assembler.getState() == Thread.State.RUNNABLE) {
        Thread.onSpinWait();
      }

      assertThat(first.ids()[0]).isZero();
      assertThat(image(first, 0, IDENTITY)).containsExactly(expected(0, IDENTITY));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "3, 3", "5, 5"})
  void anEmptyRangeHasNoBatches(int from, int to) throws Exception {
    int[] order = IntStream.range(0, 5).toArray();
    try (Shard shard = shard(5);
        BatchPipeline batches = new BatchPipeline(shard, order, from, to, 2)) {
      assertThat(batches.next()).isNull();
    }
  }

  @Test
  void closingEndsTheThreadWhereverItIs() throws Exception {
    int[] order = IntStream.range(0, 100).toArray();
    try (Shard shard = shard(100)) {
      for (int taken = 0; taken < 5; taken++) {
        BatchPipeline batches = new BatchPipeline(shard, order, 0, 100, 3);
        Thread assembler = assembler();
        for (int i = 0; i < taken; i++) {
          batches.next();
        }
        batches.close();
        batches.close();

        assertThat(assembler.isAlive()).isFalse();
      }
    }
  }

  @Test
  void failuresOfTheAssemblerReachTheConsumer() throws Exception {
    Shard shard = ArraySource.shard(5, SHAPE, new MemoryBudget(0), scratch);
    shard.close();
    try (BatchPipeline batches = new BatchPipeline(shard, new int[] {0, 1}, 0, 2, 1)) {
      for (int call = 0; call < 2; call++) {
        assertThatThrownBy(batches::next)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("expected an open one, found closed");
      }
    }
  }

  @Test
  void anInterruptedConsumerIsCancelledAndStaysInterrupted() throws Exception {
    int[] order = IntStream.range(0, 100).toArray();
    try (Shard shard = shard(100)) {
      BatchPipeline batches = new BatchPipeline(shard, order, 0, 100, 3);
      Thread assembler = assembler();
      Thread.currentThread().interrupt();

      assertThatThrownBy(batches::next)
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("Interrupted while waiting for a batch");
      batches.close();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(assembler.isAlive()).isFalse();
    }
  }

  @Test
  void argumentsThatDoNotFitAreRefused() throws Exception {
    try (Shard shard = shard(5)) {
      int[] order = IntStream.range(0, 5).toArray();
      assertThatThrownBy(() -> new BatchPipeline(shard, order, 0, 5, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a batch size of at least 1");
      try (BatchPipeline batches = new BatchPipeline(shard, order, 0, 5, 1)) {
        Batch batch = batches.next();
        assertThatThrownBy(() -> batch.images(Normalization.identity(1)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("a normalisation for 3 channels, found 1");
      }
      assertThatThrownBy(() -> new BatchPipeline(shard, order, 2, 6, 1))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("Range [2, 6) out of bounds for length 5");
    }
  }

  private Shard shard(int examples) throws Exception {
    return ArraySource.shard(examples, SHAPE, new MemoryBudget(1 << 20), scratch);
  }

  /** Deals the examples out to workers, every other shard to disk. */
  private List<Shard> shards(int examples, int workers) throws Exception {
    ArraySource source = new ArraySource(examples, SHAPE);
    Listing all = source.list().listing();
    List<Shard> shards = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      int first = worker;
      int[] positions = IntStream.range(0, examples).filter(i -> i % workers == first).toArray();
      MemoryBudget budget = new MemoryBudget(worker % 2 == 0 ? 1 << 20 : 0);
      shards.add(
          ShardPacker.pack(
              all.select(positions),
              ArraySource.CLASSES,
              StoredShape.resized(SHAPE),
              source,
              budget,
              scratch));
    }
    return shards;
  }

  private static int[] idsOfOneEpoch(List<Shard> shards, EpochPlan plan, int batchSize) {
    IntStream.Builder ids = IntStream.builder();
    int rounds = plan.rounds(shards.stream().mapToInt(Shard::size).max().orElse(0));
    for (int index = 0; index < shards.size(); index++) {
      Shard shard = shards.get(index);
      int[] order = plan.permutation(6, index, shard.size());
      for (int round = 0; round < rounds; round++) {
        int from = plan.from(round, shard.size());
        int to = plan.to(round, shard.size());
        try (BatchPipeline batches = new BatchPipeline(shard, order, from, to, batchSize)) {
          for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
            for (int i = 0; i < batch.size(); i++) {
              ids.add(batch.ids()[i]);
              assertThat(batch.labels()[i]).isEqualTo(batch.ids()[i] % ArraySource.CLASSES);
              float first = image(batch, i, IDENTITY)[0];
              assertThat(first).isEqualTo(expected(batch.ids()[i], IDENTITY)[0]);
            }
          }
        }
      }
    }
    return ids.build().toArray();
  }

  private static float[][] images(
      Shard shard, int[] order, int batchSize, Augmentations augmentations, int epoch) {
    float[][] images = new float[order.length][];
    try (BatchPipeline batches =
        new BatchPipeline(
            shard, LABELS, order, 0, order.length, batchSize, augmentations, 1, epoch)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        for (int i = 0; i < batch.size(); i++) {
          images[batch.ids()[i]] = image(batch, i, IDENTITY);
        }
      }
    }
    return images;
  }

  private static float[][] inOrder(Examples examples, Augmentations augmentations, int epoch) {
    int[] order = IntStream.range(0, examples.size()).toArray();
    float[][] images = new float[order.length][];
    try (BatchPipeline batches =
        new BatchPipeline(examples, LABELS, order, 0, order.length, 1, augmentations, 1, epoch)) {
      for (int i = 0; i < order.length; i++) {
        images[i] = image(batches.next(), 0, IDENTITY);
      }
    }
    return images;
  }

  private static float[] image(Batch batch, int i, Normalization normalization) {
    float[] values = new float[SHAPE.size()];
    batch.images(normalization).write(i, i + 1, FloatBuffer.wrap(values));
    return values;
  }

  private static float[] expected(int record, Normalization normalization) {
    return normalised(ArraySource.pixels(record, SHAPE), normalization);
  }

  private static float[] normalised(byte[] pixels, Normalization normalization) {
    float[] values = new float[pixels.length];
    for (int i = 0; i < values.length; i++) {
      int channel = i / SHAPE.planeSize();
      double value = (pixels[i] & 0xff) / 255.0;
      values[i] =
          (float) ((value - normalization.mean()[channel]) / normalization.deviation()[channel]);
    }
    return values;
  }

  private static Thread assembler() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("convoy-batches") && thread.isAlive())
        .findFirst()
        .orElseThrow();
  }
}
