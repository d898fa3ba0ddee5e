package dev.convoy.benchmark.parts;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
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
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Twenty batches of 64 decoded images, 32 × 32 × 3: gathered, augmented, normalised. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchBenchmark {
  private static final int BATCH = 64;
  private static final int IMAGES = 20 * BATCH;
  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);

  /** Whether images are cropped and flipped. */
  @Param({"none", "crop-and-flip"})
  public String augmentation;

  private final int[] order = IntStream.range(0, IMAGES).toArray();
  private Shard shard;
  private Normalization normalization;
  private Augmentations augmentations;
  private final float[] network = new float[BATCH * SHAPE.size()];

  /** Draws and packs the images. */
  @Setup
  public void pack() throws IOException {
    ImageSource source =
        ImageSources.open(
            new SourceSettings(
                "synthetic",
                null,
                Role.TRAIN,
                StoredShape.resized(SHAPE),
                new DecodeLimits(1 << 20, 1 << 20),
                TableColumns.USUAL,
                new SyntheticSettings(IMAGES, 1, 10, 0.1, 1)),
            new Configuration());
    shard =
        ShardPacker.pack(
            source.list().listing(),
            10,
            StoredShape.resized(SHAPE),
            source,
            new MemoryBudget(Long.MAX_VALUE),
            Path.of(System.getProperty("java.io.tmpdir")));
    normalization = Normalization.of(shard.statistics());
    augmentations =
        augmentation.equals("none")
            ? Augmentations.none()
            : Augmentations.of(
                List.of(
                    new ComponentSettings("random-crop", Map.of("padding", 4.0)),
                    new ComponentSettings("horizontal-flip", Map.of())));
  }

  /** Twenty batches, and their normalisation where a network would be. */
  @Benchmark
  public int assemble() {
    int images = 0;
    try (BatchPipeline batches =
        new BatchPipeline(
            shard, ShardTargets.labels(10), order, 0, IMAGES, BATCH, augmentations, 1, 0)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        FloatBuffer values = FloatBuffer.wrap(network, 0, batch.size() * SHAPE.size());
        batch.images(normalization).write(0, batch.size(), values);
        images += batch.size();
      }
    }
    return images;
  }

  /** Frees the images. */
  @TearDown
  public void close() {
    shard.close();
  }
}
