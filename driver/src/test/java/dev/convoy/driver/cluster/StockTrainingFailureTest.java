package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.averaging.RoundPlace;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.DataSplit;
import dev.convoy.driver.training.ImageListings;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.RoundTask;
import dev.convoy.worker.training.WorkerSettings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StockTrainingFailureTest {
  private static final int CLASSES = 2;

  @TempDir Path temporary;

  /** Spark's exception is a checked one, which Scala does not announce. */
  @Test
  void imagesThatChangeDuringARunAreTheDatasFault() throws IOException {
    for (int i = 0; i < 8; i++) {
      write("dark/" + i + ".png", i);
      write("light/" + i + ".png", 100 + i);
    }
    RunConfiguration configuration =
        Experiments.small(
            temporary.resolve("run"),
            "averaging.strategy=dl4j-parameter-averaging",
            "data.format=image-folder",
            "data.train=" + temporary);
    try (SparkCluster cluster = SparkCluster.start(configuration, Progress.none());
        ShardedImages images = pack(cluster, configuration)) {
      WorkerSettings settings = Workers.settings(configuration, CLASSES, 1);
      StockTraining training =
          new StockTraining(
              cluster, configuration, settings, Normalization.of(images.statistics()));
      write("light/2.png", 33);
      evict(images.loader().place().owner());

      assertThatThrownBy(
              () ->
                  training.train(
                      work(images), ModelState.first(LocalTrainer.initialParameters(settings))))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected images that stay as they are while a run lasts");
    }
  }

  private ShardedImages pack(SparkCluster cluster, RunConfiguration configuration)
      throws IOException {
    Listing listing =
        ImageListings.list(configuration.data(), temporary.toString(), Role.TRAIN, Progress.none())
            .listing();
    return ShardedImages.pack(
        cluster,
        configuration,
        Role.TRAIN,
        temporary.toString(),
        DataSplit.inOrder(listing, 2),
        CLASSES,
        Progress.none());
  }

  /** As on an executor that keeps one shard and is asked for another. */
  private static void evict(long owner) throws IOException {
    ExecutorState.get()
        .shard(
            new ShardCache.Key(owner, 2),
            1,
            0.1,
            new ShardCache.Source() {
              @Override
              public Shard pack(MemoryBudget budget) {
                return null;
              }

              @Override
              public void evicted() {}
            });
  }

  private static RoundWork work(ShardedImages images) {
    return new RoundWork(
        images.view(),
        Optional.empty(),
        new RoundTask(0, 0, 1, 0, 0, 1, 1, Double.POSITIVE_INFINITY),
        List.of(0, 1),
        (shard, examples, parameters, state) -> null,
        (parameters, state, gradient) -> null,
        new RoundPlace(0, 0.1, 2));
  }

  private void write(String name, int grey) throws IOException {
    BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 144; i++) {
      image.getRaster().setSample(i % 12, i / 12, 0, (grey + 3 * i) % 256);
    }
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
