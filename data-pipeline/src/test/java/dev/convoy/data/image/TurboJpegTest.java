package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.data.ImageShape;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a machine has libjpeg-turbo: what it decodes beside what the JDK's reader decodes. */
class TurboJpegTest {
  private static final int THREADS = 4;

  private static final int FILES = Integer.getInteger("convoy.damaged-images", 2_000);

  @BeforeEach
  void requireLibrary() {
    assumeTrue(TurboJpeg.isUsed(), "libturbojpeg.so.0 is not installed, or unlike the JDK's");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, false", "2, 1, false", "2, 2, false", "1, 1, true"})
  void decodesToTheBitsOfTheJdksReader(int across, int down, boolean grey) throws Exception {
    KeyedRandom random = KeyedRandom.of(7, Purpose.SYNTHETIC, across, down);
    for (int i = 0; i < 120; i++) {
      int width = 32 + random.nextInt(i < 100 ? 50 : 700);
      int height = 1 + random.nextInt(i < 100 ? 50 : 500);
      byte[] file =
          EncodedImage.sampledJpeg(
              picture(width, height, grey, i % 3), across, down, i % 2 == 0 ? 0.9f : 0.4f);
      CropBox box = box(random, height, width);

      JpegFile jpeg = new JpegFile(file);

      assertThat(jpeg.isForTurbo()).isTrue();
      assertThat(turbo(jpeg, box)).as("%s x %s, %s", height, width, box).isEqualTo(jdk(jpeg, box));
    }
  }

  /** How chroma becomes larger then depends on the version of libjpeg. */
  @ParameterizedTest
  @CsvSource({"1, 2", "4, 1", "4, 2"})
  void leavesRareSamplingToTheJdk(int across, int down) throws Exception {
    byte[] file = EncodedImage.sampledJpeg(picture(40, 30, false, 0), across, down, 0.9f);
    assertThat(new JpegFile(file).isForTurbo()).isFalse();
  }

  @Test
  void leavesWhatIsDamagedToTheJdk() throws Exception {
    byte[] file = EncodedImage.large("jpg", 60, 40);
    for (int length = file.length / 3; length < file.length - 2; length += 97) {
      JpegFile cut = new JpegFile(Arrays.copyOf(file, length));
      assertThat(cut.isForTurbo()).isTrue();
      assertThatThrownBy(() -> turbo(cut, new CropBox(0, 0, 40, 60)))
          .isInstanceOf(UnreadableImageException.class)
          .hasMessage(UnreadableImageException.damaged("JPEG").getMessage());
    }
  }

  /** Damage that it does not notice makes the same pixels; what it refuses the JDK judges. */
  @ParameterizedTest
  @ValueSource(ints = {40, 12})
  void mutatedFilesHaveOneMeaning(int rowsRead) throws Exception {
    CropBox box = new CropBox(0, 0, rowsRead, 60);
    List<byte[]> originals =
        List.of(
            EncodedImage.sampledJpeg(picture(60, 40, false, 0), 2, 2, 0.7f),
            EncodedImage.sampledJpeg(picture(60, 40, false, 1), 2, 1, 0.9f),
            EncodedImage.sampledJpeg(picture(60, 40, true, 2), 1, 1, 0.9f));
    int decoded = 0;
    for (int seed = 0; seed < FILES; seed++) {
      KeyedRandom random = KeyedRandom.of(seed, Purpose.SYNTHETIC);
      byte[] file = originals.get(seed % 3).clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        file[2 + random.nextInt(file.length - 2)] = (byte) random.nextInt();
      }
      JpegFile jpeg;
      try {
        jpeg = new JpegFile(file);
      } catch (UnreadableImageException e) {
        continue;
      }
      ImageHeader header = jpeg.header();
      if (header.height() != 40 || header.width() != 60 || !jpeg.isForTurbo()) {
        continue;
      }
      CopiedRows rows = rows(jpeg, box);
      if (jpeg.readByTurbo(box, TurboJpeg.canCut(), rows)) {
        decoded++;
        assertThat(rows.finish().pixels()).as("seed %s", seed).isEqualTo(jdk(jpeg, box));
      }
    }
    assertThat(decoded).isBetween(FILES / 100, FILES - FILES / 100);
  }

  /** Of what lies below a part nothing is decoded, and nothing said. */
  @Test
  void readsTheTopOfWhatIsDamagedBelow() throws Exception {
    assumeTrue(TurboJpeg.canCut(), "libjpeg-turbo before 2 decodes all of it");
    byte[] file = EncodedImage.sampledJpeg(picture(60, 90, false, 0), 2, 2, 0.9f);
    CropBox top = new CropBox(3, 5, 20, 50);
    byte[] expected = jdk(new JpegFile(file), top);
    Arrays.fill(file, file.length - 400, file.length - 200, (byte) 0x55);
    JpegFile damaged = new JpegFile(file);
    CopiedRows rows = rows(damaged, top);

    assertThat(damaged.readByTurbo(top, true, rows)).isTrue();

    assertThat(rows.finish().pixels()).isEqualTo(expected);
  }

  @Test
  void leavesTheTopOfWhatEndsTooEarlyToTheJdk() throws Exception {
    byte[] file = EncodedImage.sampledJpeg(picture(60, 90, false, 0), 2, 2, 0.9f);
    JpegFile cut = new JpegFile(Arrays.copyOf(file, file.length - 100));
    CropBox top = new CropBox(0, 0, 20, 60);
    assertThat(cut.readByTurbo(top, TurboJpeg.canCut(), rows(cut, top))).isFalse();
  }

  @Test
  void leavesWhatIsLargeOrThinOrComesInScansToTheJdk() throws Exception {
    assertThat(new JpegFile(EncodedImage.large("jpg", 10, 50)).isForTurbo()).isFalse();
    assertThat(new JpegFile(EncodedImage.large("jpg", 11, 50)).isForTurbo()).isTrue();
    assertThat(new JpegFile(EncodedImage.large("jpg", 2000, 1400)).isForTurbo()).isFalse();
    assertThat(new JpegFile(EncodedImage.progressiveJpeg(40, 30)).isForTurbo()).isFalse();
  }

  /** It is given no marker that says so, and would take the letters' word. */
  @Test
  void leavesLumaAndChromaThatAreCalledRedGreenAndBlueToTheJdk() throws Exception {
    byte[] file = EncodedImage.large("jpg", 40, 30);
    assertThat(new JpegFile(file).isForTurbo()).isTrue();
    int frame = indexOf(file, 0xc0) + 10;
    int scan = indexOf(file, 0xda) + 5;
    for (int component = 0; component < 3; component++) {
      byte letter = (byte) "RGB".charAt(component);
      file[frame + 3 * component] = letter;
      file[scan + 2 * component] = letter;
    }

    JpegFile named = new JpegFile(file);

    assertThat(named.isForTurbo()).isFalse();
    assertThat(jdk(named, new CropBox(0, 0, 30, 40))).hasSize(3 * 30 * 40);
  }

  private static int indexOf(byte[] file, int marker) {
    int at = 0;
    while ((file[at] & 0xff) != 0xff || (file[at + 1] & 0xff) != marker) {
      at++;
    }
    return at;
  }

  @Test
  void decodesOnManyThreads() throws Exception {
    List<byte[]> files = new ArrayList<>();
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      files.add(EncodedImage.sampledJpeg(picture(30 + 20 * i, 20 + 9 * i, false, i), 2, 2, 0.8f));
      expected.add(jdk(new JpegFile(files.get(i)), new CropBox(0, 0, 20 + 9 * i, 30 + 20 * i)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<byte[]>> decoded = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int file = i % 20;
        decoded.add(
            threads.submit(
                () ->
                    turbo(
                        new JpegFile(files.get(file)),
                        new CropBox(0, 0, 20 + 9 * file, 30 + 20 * file))));
      }
      for (int i = 0; i < decoded.size(); i++) {
        assertThat(decoded.get(i).get()).isEqualTo(expected.get(i % 20));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static CropBox box(KeyedRandom random, int height, int width) {
    int rows = 1 + random.nextInt(height);
    int columns = 1 + random.nextInt(width);
    return new CropBox(
        random.nextInt(height - rows + 1), random.nextInt(width - columns + 1), rows, columns);
  }

  /** Waves with some noise, so that transforms and clipping are all at work. */
  private static BufferedImage picture(int width, int height, boolean grey, int kind) {
    BufferedImage picture =
        new BufferedImage(
            width, height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    KeyedRandom random = KeyedRandom.of(kind, Purpose.SYNTHETIC, width, height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < (grey ? 1 : 3); band++) {
          double wave = 128 + 160 * Math.sin((x * (band + 1) + y * (3 - band)) / (4.0 + 9 * kind));
          int noise = random.nextInt(kind == 0 ? 200 : 20);
          picture
              .getRaster()
              .setSample(x, y, band, (int) Math.max(0, Math.min(255, wave + noise - 10)));
        }
      }
    }
    return picture;
  }

  private static byte[] turbo(JpegFile file, CropBox box) throws Exception {
    CopiedRows rows = rows(file, box);
    file.readPart(box, Integer.MAX_VALUE, rows);
    return rows.finish().pixels();
  }

  private static byte[] jdk(JpegFile file, CropBox box) throws Exception {
    CopiedRows rows = rows(file, box);
    file.readByJdk(box, box.height(), rows);
    return rows.finish().pixels();
  }

  private static CopiedRows rows(JpegFile file, CropBox box) {
    return new CopiedRows(new ImageShape(box.height(), box.width(), file.header().channels()));
  }
}
