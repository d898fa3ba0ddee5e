package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.DataSplit;
import dev.convoy.driver.training.ImageListings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedImagesTest {
  private static final int CLASSES = 2;

  @TempDir static Path shared;
  @TempDir Path temporary;
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
  void aShardThatIsPackedAgainFromOtherImagesIsRefused() throws IOException {
    for (int i = 0; i < 6; i++) {
      write("dark/" + i + ".png", i);
      write("light/" + i + ".png", 100 + i);
    }
    RunConfiguration configuration =
        Experiments.small(
            temporary.resolve("run"), "data.format=image-folder", "data.train=" + temporary);
    Listing listing =
        ImageListings.list(configuration.data(), temporary.toString(), Role.TRAIN, Progress.none())
            .listing();
    try (ShardedImages images =
        ShardedImages.pack(
            cluster,
            configuration,
            Role.TRAIN,
            temporary.toString(),
            DataSplit.inOrder(listing, 2),
            CLASSES,
            Progress.none())) {
      long content = images.statistics().content();
      assertThat(
              packedAgain(images).load(0).statistics().content()
                  + packedAgain(images).load(1).statistics().content())
          .as("packed again from the same images")
          .isEqualTo(content);

      write("light/2.png", 33);
      Files.writeString(temporary.resolve("light/4.png"), "no image");
      assertThat(packedAgain(images).load(0).size()).isEqualTo(6);
      assertThatThrownBy(() -> packedAgain(images).load(1))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected images that stay as they are while a run lasts")
          .hasMessageContaining("light/4.png")
          .hasMessageContaining("begin anew with --overwrite");
    }
  }

  /** As on an executor that does not have them: for another owner nothing is kept yet. */
  private static ShardLoader packedAgain(ShardedImages images) {
    return images.loader().keptAt(new ShardLoader.Place(Owners.add(), images.places().id()), 1);
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
