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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxSourceTest {
  private static final ImageShape SHAPE = new ImageShape(4, 5, 1);
  private static final int IMAGES = 6;
  private static final byte[] LABELS = {3, 0, 2, 1, 0, 3};
  private static final String IMAGES_FILE = "train-images-idx3-ubyte";
  private static final String LABELS_FILE = "train-labels-idx1-ubyte";

  @TempDir Path directory;

  @BeforeEach
  void writeFiles() throws IOException {
    write(IMAGES_FILE, images(0));
    write(LABELS_FILE, labels(LABELS));
    write("t10k-images-idx3-ubyte", images(100));
    write("t10k-labels-idx1-ubyte", labels(new byte[] {1, 1, 1, 1, 1, 0}));
  }

  @Test
  void listsLabelsAndClasses() throws Exception {
    ListedImages listed = source(Role.TRAIN, SHAPE).list();

    assertThat(listed.classNames()).containsExactly("0", "1", "2", "3");
    assertThat(IntStream.range(0, IMAGES).map(listed.listing()::label))
        .containsExactly(3, 0, 2, 1, 0, 3);
    assertThat(listed.listing().location(4)).endsWith(IMAGES_FILE + "#4");
  }

  @ParameterizedTest
  @CsvSource({"TRAIN, 0", "VALIDATION, 0", "TEST, 100"})
  void readsTheFilesOfTheRole(Role role, int first) throws Exception {
    ImageSource source = source(role, SHAPE);

    Collected collected = Collected.from(source, source.list().listing());

    assertThat(collected.order).containsExactly(0, 1, 2, 3, 4, 5);
    for (int i = 0; i < IMAGES; i++) {
      assertThat(collected.images.get(i)).isEqualTo(image(first + i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void readsAnySelectionInItsOrder(String ending) throws Exception {
    replace(IMAGES_FILE, IMAGES_FILE + ending, zipIf(ending, images(0)));
    replace(LABELS_FILE, LABELS_FILE + ending, zipIf(ending, labels(LABELS)));
    ImageSource source = source(Role.TRAIN, SHAPE);
    for (int[] positions : new int[][] {{1, 1, 4}, {0, 0, 3, 5}, {2}, {}}) {
      Collected collected = Collected.from(source, source.list().listing().select(positions));

      assertThat(collected.order).hasSameSizeAs(positions).isSorted();
      for (int i = 0; i < positions.length; i++) {
        assertThat(collected.images.get(i)).isEqualTo(image(positions[i]));
      }
    }
  }

  @Test
  void acceptsNamesWithADot() throws Exception {
    replace(IMAGES_FILE, "train-images.idx3-ubyte", images(0));
    replace(LABELS_FILE, "train-labels.idx1-ubyte.gz", zipIf(".gz", labels(LABELS)));

    assertThat(source(Role.TRAIN, SHAPE).list().listing().size()).isEqualTo(IMAGES);
  }

  @Test
  void bringsImagesToTheShapeOfTheRun() throws Exception {
    ImageShape colour = new ImageShape(8, 3, 3);
    ImageSource source = source(Role.TRAIN, colour);

    Collected collected = Collected.from(source, source.list().listing());

    assertThat(collected.images.get(2))
        .isEqualTo(new Resampling(4, 5, 1, colour).apply(image(2)).pixels());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void imagesThatAreTooShortAreFound(String ending) throws Exception {
    byte[] images = images(0);
    byte[] cut = Arrays.copyOf(images, images.length - 1);
    replace(IMAGES_FILE, IMAGES_FILE + ending, zipIf(ending, cut));

    assertBroken("expected (at least )?136 bytes, found (135,|the end of the file before)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void imagesThatAreTooLongAreFound(String ending) throws Exception {
    byte[] images = images(0);
    byte[] longer = Arrays.copyOf(images, images.length + 1);
    replace(IMAGES_FILE, IMAGES_FILE + ending, zipIf(ending, longer));

    assertBroken("expected 136 bytes, found (137|more)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void labelsOfAnotherLengthThanTheirHeaderSaysAreFound(String ending) throws Exception {
    byte[] labels = labels(LABELS);
    replace(
        LABELS_FILE, LABELS_FILE + ending, zipIf(ending, Arrays.copyOf(labels, labels.length - 1)));
    assertBroken("IDX labels: expected at least 14 bytes, found the end of the file before");

    write(LABELS_FILE + ending, zipIf(ending, Arrays.copyOf(labels, labels.length + 1)));
    assertBroken("IDX labels: expected 14 bytes, found more");
  }

  @Test
  void headersThatLieAboutTheirSizeAllocateNothing() throws Exception {
    write(LABELS_FILE, ByteBuffer.wrap(labels(LABELS)).putInt(4, Integer.MAX_VALUE).array());

    assertBroken("expected at least 2147483655 bytes, found the end of the file before");
  }

  @Test
  void gzipDataThatEndEarlyOrAreNoneAreFound() throws Exception {
    byte[] zipped = zipIf(".gz", images(0));
    replace(IMAGES_FILE, IMAGES_FILE + ".gz", Arrays.copyOf(zipped, zipped.length / 2));
    assertBroken("IDX images: expected at least \\d+ bytes, found .* before");

    write(IMAGES_FILE + ".gz", images(0));
    assertBroken("IDX images: expected gzip data, found other bytes");
  }

  @Test
  void magicNumbersOfAnotherTypeAreFound() throws Exception {
    write(IMAGES_FILE, labels(LABELS));
    assertBroken(
        "IDX images: expected the magic number 0x00000803 .*, found 0x00000801, in .*"
            + IMAGES_FILE);

    write(IMAGES_FILE, ByteBuffer.wrap(images(0)).putInt(0, 0x00000d03).array());
    assertBroken("expected the magic number 0x00000803 .*, found 0x00000d03");

    write(IMAGES_FILE, images(0));
    write(LABELS_FILE, images(0));
    assertBroken("IDX labels: expected the magic number 0x00000801 .*, found 0x00000803");
  }

  @Test
  void sizesOutOfRangeAreFound() throws Exception {
    write(IMAGES_FILE, ByteBuffer.wrap(images(0)).putInt(4, -1).array());
    assertBroken("at least one example and sides of 1 to 4096, found sizes \\[-1, 4, 5\\]");

    write(IMAGES_FILE, ByteBuffer.wrap(images(0)).putInt(8, 5000).array());
    assertBroken("found sizes \\[6, 5000, 5\\]");
  }

  @Test
  void countsThatDifferAreFound() throws Exception {
    write(LABELS_FILE, labels(new byte[] {1, 2, 3}));

    assertBroken("expected one label per image, that is 6, found 3, in .*" + LABELS_FILE);
  }

  @Test
  void missingFilesAndDirectoriesAreNamed() throws Exception {
    Files.delete(directory.resolve(LABELS_FILE));
    assertBroken("expected a file " + LABELS_FILE + " or " + LABELS_FILE + ".gz, found none");

    ImageSource elsewhere = source(directory.resolve("none"), Role.TRAIN, SHAPE);
    assertThatThrownBy(elsewhere::list)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a directory, found nothing")
        .hasMessageContaining("none");
  }

  @Test
  void filesThatVanishAfterListingAreNamed() throws Exception {
    ImageSource source = source(Role.TRAIN, SHAPE);
    Listing listing = source.list().listing();
    Files.delete(directory.resolve(IMAGES_FILE));

    assertThatThrownBy(() -> Collected.from(source, listing))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a file, found nothing")
        .hasMessageContaining(IMAGES_FILE);
  }

  private void assertBroken(String pattern) {
    assertThatThrownBy(() -> source(Role.TRAIN, SHAPE).list())
        .isInstanceOf(DataException.class)
        .hasMessageMatching("Cannot read .*" + pattern + ".*")
        .hasMessageMatching(".*, in .*" + directory.getFileName() + ".*\\. [A-Z].*\\.");
  }

  private ImageSource source(Role role, ImageShape shape) {
    return source(directory, role, shape);
  }

  private static ImageSource source(Path directory, Role role, ImageShape shape) {
    return ImageSources.open(
        new SourceSettings(
            "idx",
            directory.toString(),
            role,
            StoredShape.resized(shape),
            new DecodeLimits(100, 100),
            TableColumns.USUAL,
            null),
        new Configuration());
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(directory.resolve(name), bytes);
  }

  private void replace(String oldName, String newName, byte[] bytes) throws IOException {
    Files.delete(directory.resolve(oldName));
    write(newName, bytes);
  }

  private static byte[] images(int first) {
    ByteBuffer file = ByteBuffer.allocate(16 + IMAGES * SHAPE.size());
    file.putInt(0x00000803).putInt(IMAGES).putInt(SHAPE.height()).putInt(SHAPE.width());
    for (int i = 0; i < IMAGES; i++) {
      file.put(image(first + i));
    }
    return file.array();
  }

  private static byte[] image(int number) {
    byte[] pixels = new byte[SHAPE.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (number * 40 + i);
    }
    return pixels;
  }

  private static byte[] labels(byte[] labels) {
    return ByteBuffer.allocate(8 + labels.length)
        .putInt(0x00000801)
        .putInt(labels.length)
        .put(labels)
        .array();
  }

  private static byte[] zipIf(String ending, byte[] bytes) throws IOException {
    if (ending.isEmpty()) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }
}
