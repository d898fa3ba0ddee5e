package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.image.Resampling;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThumbnailsTest {
  private static final String THREE_SHARDS = "training.workers=3";

  @TempDir static Path shared;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void imagesComeFromWhicheverShardHoldsThemInTheOrderOfTheirIds() throws IOException {
    RunConfiguration configuration = Experiments.small(shared, THREE_SHARDS);
    List<Integer> ids = List.of(19, 0, 7, 12);
    try (TrainingData data = data(configuration)) {
      List<Thumbnail> found = Thumbnails.of(data.test().orElseThrow(), ids);
      assertThat(found).extracting(Thumbnail::id).isEqualTo(ids);
      assertOfTheSource(configuration.data(), found);
    }
  }

  @Test
  void largeImagesAreMadeSmaller() throws IOException {
    RunConfiguration configuration =
        Experiments.small(shared, THREE_SHARDS, "data.image={height=100, width=300, channels=3}");
    List<Integer> ids = List.of(4, 3);
    try (TrainingData data = data(configuration)) {
      List<Thumbnail> found = Thumbnails.of(data.test().orElseThrow(), ids);
      assertThat(found).extracting(Thumbnail::id).isEqualTo(ids);
      assertThat(found.get(0).picture().shape()).isEqualTo(new ImageShape(43, 128, 3));
      assertOfTheSource(configuration.data(), found);
    }
  }

  @Test
  void idsThatAreNotThereAreLeftOut() {
    try (TrainingData data = data(Experiments.small(shared))) {
      ShardedImages images = data.test().orElseThrow();
      assertThat(Thumbnails.of(images, List.of(20, 1, 4000)))
          .extracting(Thumbnail::id)
          .containsExactly(1);
      assertThat(Thumbnails.of(images, List.of())).isEmpty();
    }
  }

  @Test
  void nobodyFetchesAllImages() {
    List<Integer> tooMany = Collections.nCopies(Thumbnails.MAX_IMAGES + 1, 0);
    try (TrainingData data = data(Experiments.small(shared))) {
      ShardedImages images = data.test().orElseThrow();
      assertThatThrownBy(() -> Thumbnails.of(images, tooMany))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot fetch images: expected at most 100, found 101");
    }
  }

  private static TrainingData data(RunConfiguration configuration) {
    return new TrainingData(cluster, configuration, Progress.none());
  }

  /** They are what one gets without a cluster. */
  private static void assertOfTheSource(RunConfiguration.Data data, List<Thumbnail> found)
      throws IOException {
    ImageShape shape = data.shape();
    ImageSource source =
        ImageSources.open(ImageLocations.settings(data, Role.TEST, ""), new Configuration(false));
    Listing listing = source.list().listing();
    try (Shard shard =
        ShardPacker.pack(
            listing, 3, StoredShape.resized(shape), source, new MemoryBudget(1 << 24), shared)) {
      for (Thumbnail image : found) {
        byte[] values = new byte[shape.size()];
        shard.pixels(image.id(), values, 0);
        byte[] fitted =
            new Resampling(shape.height(), shape.width(), shape.channels(), image.picture().shape())
                .apply(values)
                .pixels();
        assertThat(image.location()).isEqualTo(listing.location(image.id()));
        assertThat(colours(image))
            .isEqualTo(
                colours(
                    new Thumbnail(
                        image.id(),
                        image.location(),
                        new Picture(image.picture().shape(), fitted))))
            .anyMatch(colour -> colour != 0);
      }
    }
  }

  private static List<Integer> colours(Thumbnail image) {
    return IntStream.range(0, image.picture().shape().planeSize())
        .mapToObj(
            i ->
                image
                    .picture()
                    .rgb(i / image.picture().shape().width(), i % image.picture().shape().width()))
        .toList();
  }
}
