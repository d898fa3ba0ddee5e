package dev.convoy.data.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.shard.ArraySource;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardFileTest {
  private static final ImageShape SHAPE = new ImageShape(4, 5, 3);
  private static final int EXAMPLES = 9;
  private static final int HEADER_BYTES = 28;
  private static final int TABLE_BYTES = 16 * EXAMPLES + 4;

  @TempDir Path directory;
  private final AtomicInteger told = new AtomicInteger();
  private byte[] written;

  @BeforeEach
  void writeAShard() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Shard shard = ArraySource.shard(EXAMPLES, SHAPE, new MemoryBudget(0), directory)) {
      ShardFile.write(out, shard, ArraySource.CLASSES, told::incrementAndGet);
    }
    written = out.toByteArray();
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    try (ShardFile file = open(written)) {
      assertThat(file.shape(0)).isEqualTo(SHAPE);
      assertThat(file.size()).isEqualTo(EXAMPLES);
      assertThat(told).as("told of each example").hasValue(EXAMPLES);
      assertThat(file.classCount()).isEqualTo(ArraySource.CLASSES);
      assertThat(file.labels()).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
      for (int record : new int[] {0, 1, 4, 8}) {
        assertThat(file.read(record).pixels()).isEqualTo(ArraySource.pixels(record, SHAPE));
      }
    }
  }

  @Test
  void theFormatDoesNotChange() {
    assertThat(written).hasSize(HEADER_BYTES + TABLE_BYTES + EXAMPLES * SHAPE.size());
    assertThat(Arrays.copyOf(written, 24))
        .containsExactly(
            'C', 'N', 'V', 'Y', 'S', 'H', 'R', 'D', 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 3);
    assertThat(Arrays.copyOfRange(written, 44, 56))
        .containsExactly(0, 0, 0, 1, 0x3f, (byte) 0x80, 0, 0, 0, 4, 0, 5);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 'expected format version 4, found another format'",
    "11, 'expected format version 4, found version'",
    "12, expected the checksum",
    "15, expected the checksum",
    "19, expected the checksum",
    "23, expected the checksum",
    "27, expected the checksum",
    "31, expected the checksum",
    "33, expected the checksum",
    "39, expected the checksum",
    "171, expected the checksum",
    "175, expected the checksum"
  })
  void everyDamagedByteOfHeaderAndTableIsFound(int offset, String message) {
    byte[] damaged = written.clone();
    damaged[offset] ^= 0x40;

    assertThatThrownBy(() -> open(damaged).close())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("part.shard")
        .hasMessageContaining("Prepare the images again.");
  }

  @Test
  void everyDamagedPixelIsFound() throws Exception {
    byte[] damaged = written.clone();
    damaged[HEADER_BYTES + TABLE_BYTES + 3 * SHAPE.size() + 17] ^= 1;

    try (ShardFile file = open(damaged)) {
      file.read(2);
      assertThatThrownBy(() -> file.read(3))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected the checksum")
          .hasMessageContaining("part.shard");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 20, 34, 50, 100, -1})
  void filesThatWereCutOffAreFound(int length) {
    byte[] cut = Arrays.copyOf(written, length < 0 ? written.length + length : length);

    assertThatThrownBy(() -> open(cut).close())
        .isInstanceOf(DataException.class)
        .hasMessageMatching("Cannot read a shard file: expected (at least )?\\d+ bytes, found .*")
        .hasMessageContaining("part.shard");
  }

  @Test
  void filesThatAreTooLongAreFound() {
    assertThatThrownBy(() -> open(Arrays.copyOf(written, written.length + 1)).close())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "expected " + written.length + " bytes, found " + (written.length + 1));
  }

  @Test
  void missingFilesAreNamed() {
    assertThatThrownBy(() -> ShardFile.open(hadoopPath("none.shard"), new Configuration()).close())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected a file, found nothing")
        .hasMessageContaining("none.shard");
  }

  private ShardFile open(byte[] bytes) throws Exception {
    Files.write(directory.resolve("part.shard"), bytes);
    return ShardFile.open(hadoopPath("part.shard"), new Configuration());
  }

  private org.apache.hadoop.fs.Path hadoopPath(String name) {
    return new org.apache.hadoop.fs.Path(directory.resolve(name).toUri());
  }
}
