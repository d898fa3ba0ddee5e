package dev.convoy.benchmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.source.DecodeLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PipelinePicturesTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(PipelineTask.class)
  void everyTaskBringsItsPicturesToTheInput(PipelineTask task) throws Exception {
    Path pictures = PipelinePictures.draw(directory, task.picture(), 1);
    byte[] file = Files.readAllBytes(pictures.resolve("000000.jpg"));
    StoredShape store = new StoredShape(task.input(), ImageShape.MAX_SIDE);

    var picture = new ImageDecoder(store, new DecodeLimits(1 << 24, 1 << 24)).decode(file);

    assertThat(picture.shape()).isEqualTo(task.picture());
    assertThat(
            Augmentations.of(task.augmentations())
                .apply(picture, task.input(), KeyedRandom.of(1, Purpose.AUGMENTATION))
                .shape())
        .isEqualTo(task.input());
  }

  @Test
  void picturesAreTheSameEveryTime() throws Exception {
    ImageShape shape = new ImageShape(32, 32, 3);
    Path once = PipelinePictures.draw(directory.resolve("once"), shape, 2);
    Path again = PipelinePictures.draw(directory.resolve("again"), shape, 2);

    assertThat(again.resolve("000001.jpg")).hasSameBinaryContentAs(once.resolve("000001.jpg"));
    assertThat(once.resolve("000000.jpg"))
        .isRegularFile()
        .satisfies(
            file -> assertThat(Files.mismatch(file, once.resolve("000001.jpg"))).isNotNegative());
  }
}
