package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.ImageListings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An example is augmented the same way in an epoch, wherever that is done and beside what. */
class AugmentationOnExecutorsTest {
  private static final int CLASSES = 3;

  @TempDir private Path directory;

  @Test
  void oneTaskAndFourAtOnceGiveTheSameBytes() {
    Map<Integer, byte[]> alone = augmented("local[1]", 1, 97, 0);

    assertThat(alone).hasSize(97);
    Map<Integer, byte[]> together = augmented("local[4]", 5, 8, 0);
    assertThat(together.keySet()).isEqualTo(alone.keySet());
    together.forEach((id, pixels) -> assertThat(pixels).as("%d", id).isEqualTo(alone.get(id)));
    Map<Integer, byte[]> later = augmented("local[4]", 5, 8, 1);
    assertThat(later.keySet().stream().filter(id -> !Arrays.equals(later.get(id), alone.get(id))))
        .as("another epoch")
        .hasSizeGreaterThan(90);
  }

  /** The pixels of every example by its id. */
  private Map<Integer, byte[]> augmented(String master, int shards, int batchSize, int epoch) {
    RunConfiguration configuration =
        Experiments.small(
            directory,
            "spark.master=\"" + master + "\"",
            "data.image.channels=3",
            "augment=["
                + Stream.of(
                        "random-resized-crop",
                        "rotate",
                        "elastic",
                        "color-jitter",
                        "rand-augment",
                        "augmix",
                        "gaussian-noise",
                        "random-erasing")
                    .map(name -> "{name=" + name + "}")
                    .collect(Collectors.joining(", "))
                + "]");
    RunConfiguration.Data data = configuration.data();
    Map<Integer, byte[]> pixels = new TreeMap<>();
    try (SparkCluster cluster = SparkCluster.start(configuration, Progress.none())) {
      Listing all = ImageListings.list(data, data.train(), Role.TRAIN, Progress.none()).listing();
      Listing[] parts =
          IntStream.range(0, shards)
              .mapToObj(
                  shard ->
                      all.select(
                          IntStream.range(0, all.size())
                              .filter(i -> i % shards == shard)
                              .toArray()))
              .toArray(Listing[]::new);
      try (ShardedImages images =
          ShardedImages.pack(
              cluster, configuration, Role.TRAIN, "", parts, CLASSES, Progress.none())) {
        ShardLoader loader = images.loader();
        List<ComponentSettings> augmentations = new ArrayList<>(configuration.augmentations());
        Jobs.run(
            images.places(),
            shard -> augment(loader.load(shard), augmentations, batchSize, epoch),
            byte[][].class,
            images.shards(shard -> true),
            (shard, examples) -> {
              for (byte[] example : examples) {
                ByteBuffer buffer = ByteBuffer.wrap(example);
                int id = buffer.getInt();
                pixels.put(id, Arrays.copyOfRange(example, Integer.BYTES, example.length));
              }
            });
      }
    }
    return pixels;
  }

  /** Of every example its id and its pixels. */
  private static byte[][] augment(
      Shard shard, List<ComponentSettings> settings, int batchSize, int epoch) {
    int[] order = IntStream.range(0, shard.size()).toArray();
    byte[][] examples = new byte[shard.size()][];
    int done = 0;
    try (BatchPipeline pipeline =
        new BatchPipeline(
            shard,
            ShardTargets.labels(CLASSES),
            order,
            0,
            order.length,
            batchSize,
            Augmentations.of(settings),
            1,
            epoch)) {
      for (Batch batch = pipeline.next(); batch != null; batch = pipeline.next()) {
        for (int i = 0; i < batch.size(); i++) {
          byte[] pixels = batch.picture(i).pixels();
          examples[done++] =
              ByteBuffer.allocate(Integer.BYTES + pixels.length)
                  .putInt(batch.ids()[i])
                  .put(pixels)
                  .array();
        }
      }
    }
    return examples;
  }
}
