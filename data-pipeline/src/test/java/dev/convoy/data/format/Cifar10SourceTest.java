package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.Resampling;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10SourceTest {
  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);
  private static final String NAMES =
      "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";

  @TempDir Path directory;

  @BeforeEach
  void writeFiles() throws IOException {
    Files.write(directory.resolve("data_batch_1.bin"), records(0, 4));
    Files.write(directory.resolve("data_batch_2.bin"), records(4, 3));
    Files.write(directory.resolve("test_batch.bin"), records(7, 2));
    Files.writeString(directory.resolve("readme.html"), "not data");
  }

  @Test
  void listsAllTrainingBatchesInOrder() throws Exception {
    Files.writeString(directory.resolve("batches.meta.txt"), NAMES);

    ListedImages listed = source(Role.TRAIN, SHAPE).list();

    assertThat(listed.classNames()).hasSize(10).startsWith("airplane").endsWith("truck");
    assertThat(IntStream.range(0, 7).map(listed.listing()::label))
        .containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(listed.listing().location(5)).endsWith("data_batch_2.bin#1");
  }

  @Test
  void classesAreNumberedWhereNamesAreMissing() throws Exception {
    assertThat(source(Role.TEST, SHAPE).list().classNames())
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  }

  @Test
  void readsAnySelectionInItsOrder() throws Exception {
    ImageSource source = source(Role.TRAIN, SHAPE);
    for (int[] positions : new int[][] {{0, 1, 2, 3, 4, 5, 6}, {0, 0, 3, 5, 6}, {2, 2, 4}}) {
      Collected collected = Collected.from(source, source.list().listing().select(positions));

      assertThat(collected.order).hasSameSizeAs(positions).isSorted();
      for (int i = 0; i < positions.length; i++) {
        assertThat(collected.images.get(i)).isEqualTo(image(positions[i]));
      }
    }
  }

  @Test
  void readsTheTestBatchForTesting() throws Exception {
    ImageSource source = source(Role.TEST, SHAPE);

    Collected collected = Collected.from(source, source.list().listing());

    assertThat(collected.images).hasSize(2);
    assertThat(collected.images.get(1)).isEqualTo(image(8));
  }

  @Test
  void bringsImagesToTheShapeOfTheRun() throws Exception {
    ImageShape grey = new ImageShape(28, 28, 1);
    ImageSource source = source(Role.TRAIN, grey);

    Collected collected = Collected.from(source, source.list().listing());

    assertThat(collected.images.get(3))
        .isEqualTo(new Resampling(32, 32, 3, grey).apply(image(3)).pixels());
  }

  @Test
  void brokenFilesAreNamed() throws Exception {
    Path batch = directory.resolve("data_batch_2.bin");
    Files.write(batch, Arrays.copyOf(records(0, 2), 6145));
    assertBroken("expected records of 3073 bytes, found 6145 bytes, in ", "data_batch_2.bin");

    Files.write(batch, new byte[0]);
    assertBroken("expected records of 3073 bytes, found 0 bytes, in ", "data_batch_2.bin");

    byte[] records = records(0, 3);
    records[3073] = 10;
    Files.write(batch, records);
    assertBroken("expected labels of 0 to 9, found 10 for record 1, in ", "data_batch_2.bin");

    records[3073] = (byte) 255;
    Files.write(batch, records);
    assertBroken("found 255 for record 1, in ", "data_batch_2.bin");
  }

  @Test
  void wrongClassNamesAreFound() throws Exception {
    Files.writeString(directory.resolve("batches.meta.txt"), "cat\ndog\n");

    assertBroken("expected 10 different class names, found 2 lines, in ", "batches.meta.txt");
  }

  @Test
  void missingBatchesAreNamed() throws Exception {
    Files.delete(directory.resolve("test_batch.bin"));

    assertThatThrownBy(() -> source(Role.TEST, SHAPE).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected test_batch.bin, found none, in ");
  }

  @Test
  void filesThatShrankAfterListingAreNamed() throws Exception {
    ImageSource source = source(Role.TRAIN, SHAPE);
    Listing listing = source.list().listing();
    Files.write(directory.resolve("data_batch_2.bin"), records(4, 2));

    assertThatThrownBy(() -> Collected.from(source, listing))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected at least 9219 bytes, found the end of the file before")
        .hasMessageContaining("data_batch_2.bin");
  }

  private void assertBroken(String message, String file) {
    assertThatThrownBy(() -> source(Role.TRAIN, SHAPE).list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(file);
  }

  private ImageSource source(Role role, ImageShape shape) {
    return ImageSources.open(
        new SourceSettings(
            "cifar10-binary",
            directory.toString(),
            role,
            StoredShape.resized(shape),
            new DecodeLimits(100, 100),
            TableColumns.USUAL,
            null),
        new Configuration());
  }

  private static byte[] records(int first, int count) {
    byte[] records = new byte[count * 3073];
    for (int i = 0; i < count; i++) {
      records[i * 3073] = (byte) (first + i);
      System.arraycopy(image(first + i), 0, records, i * 3073 + 1, 3072);
    }
    return records;
  }

  private static byte[] image(int number) {
    byte[] pixels = new byte[3072];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (number * 40 + i * 3);
    }
    return pixels;
  }
}
