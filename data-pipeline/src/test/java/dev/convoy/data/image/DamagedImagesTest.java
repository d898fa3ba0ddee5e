package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.source.DecodeLimits;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged files of all formats are decoded or refused with a reason. More of them with {@code
 * -Dconvoy.damaged-images=100000}.
 */
class DamagedImagesTest {
  private static final int FILES = Integer.getInteger("convoy.damaged-images", 2_000);

  private static final ImageShape SHAPE = new ImageShape(12, 16, 3);

  /** Decoding what passes these limits takes less than 64 MiB. */
  private static final DecodeLimits LIMITS = new DecodeLimits(1_000_000, 1_000_000);

  private static final long MOST_BYTES = 64 << 20;

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "tiff", "webp"})
  void mutatedFilesAreDecodedOrRefusedWithAReason(String format) throws Exception {
    List<byte[]> originals = originals(format);
    int decoded = 0;
    int refused = 0;
    for (int seed = 0; seed < FILES; seed++) {
      KeyedRandom random = KeyedRandom.of(seed, Purpose.SYNTHETIC);
      byte[] file = mutated(originals.get(seed % originals.size()), random);
      if (format.equals("png") && random.nextInt(4) > 0) {
        // Checksums that are wrong hide everything else.
        file = EncodedImage.withPngChecksums(file);
      }
      if (isDecoded(file, format, seed)) {
        decoded++;
      } else {
        refused++;
      }
    }
    assertThat(decoded).isPositive();
    assertThat(refused).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "tiff", "webp"})
  void filesThatEndAnywhereAreDecodedOrRefusedWithAReason(String format) throws Exception {
    for (byte[] file : originals(format)) {
      for (int length = 0; length < file.length; length += 1 + length / 300) {
        boolean decoded = isDecoded(Arrays.copyOf(file, length), format, length);
        // All that may be missing is what says that nothing follows.
        assertThat(decoded && length < file.length - 3).as("%d bytes", length).isFalse();
      }
    }
  }

  private static boolean isDecoded(byte[] file, String format, int seed) {
    try {
      ImageDecoder.Opened image =
          new ImageDecoder(StoredShape.resized(SHAPE), LIMITS).open(file, Long.MAX_VALUE);
      assertThat(image.bytes()).as("%s, seed %d", format, seed).isLessThan(MOST_BYTES);
      assertThat(image.decode().pixels()).as("%s, seed %d", format, seed).hasSize(SHAPE.size());
      return true;
    } catch (UnreadableImageException e) {
      assertThat(e).as("%s, seed %d", format, seed).hasMessageMatching(".{5,200}");
      assertThat(e.getMessage()).doesNotContain("IndexOutOfBounds", "NullPointer");
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(format + ", seed " + seed, e);
    }
  }

  private static List<byte[]> originals(String format) throws IOException {
    BufferedImage grey = EncodedImage.noise(20, 20, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage palette = EncodedImage.noise(20, 20, BufferedImage.TYPE_BYTE_INDEXED);
    return switch (format) {
      case "jpg" ->
          List.of(
              EncodedImage.small("jpg"),
              EncodedImage.encode(grey, "jpg"),
              EncodedImage.withOrientation(EncodedImage.small("jpg"), 6),
              EncodedImage.progressiveJpeg(20, 20),
              EncodedImage.fourComponentJpeg(16, 12, 10, 20, 30, 40));
      case "png" ->
          List.of(
              EncodedImage.small("png"),
              EncodedImage.withComment(EncodedImage.encode(palette, "png")),
              EncodedImage.encode(grey, "png"),
              EncodedImage.interlacedPng(20, 20));
      case "bmp" ->
          List.of(
              EncodedImage.small("bmp"),
              EncodedImage.encode(palette, "bmp"),
              EncodedImage.runLengthBmp(20, 20));
      case "tiff" ->
          List.of(
              EncodedImage.small("tiff"),
              EncodedImage.compressed(palette, "tiff", "LZW"),
              EncodedImage.compressed(grey, "tiff", "Deflate"),
              EncodedImage.compressed(grey, "tiff", "PackBits"),
              EncodedImage.compressed(
                  EncodedImage.noise(20, 20, BufferedImage.TYPE_BYTE_BINARY), "tiff", "CCITT T.6"),
              EncodedImage.compressed(
                  EncodedImage.noise(20, 20, BufferedImage.TYPE_BYTE_BINARY), "tiff", "CCITT T.4"),
              EncodedImage.compressed(EncodedImage.noise(20, 20, 5), "tiff", "JPEG"));
      case "webp" ->
          List.of(
              EncodedImage.small("webp"),
              EncodedImage.compressed(EncodedImage.noise(20, 20, 5), "webp", "Lossless"),
              EncodedImage.animatedWebp(20, 20));
      default -> List.of(EncodedImage.small("gif"), EncodedImage.encode(palette, "gif"));
    };
  }

  /** One of the ways in which files are damaged, several times over. */
  private static byte[] mutated(byte[] original, KeyedRandom random) {
    byte[] file = original.clone();
    int changes = 1 + random.nextInt(4);
    for (int change = 0; change < changes && file.length > 1; change++) {
      // Headers decide most, so half of the changes are among the first bytes.
      int reach = random.nextInt(2) == 0 ? Math.min(64, file.length) : file.length;
      int at = random.nextInt(reach);
      switch (random.nextInt(6)) {
        case 0 -> file[at] = (byte) random.nextInt(256);
        case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> file[at] = (byte) (random.nextInt(2) == 0 ? 0xff : 0);
        case 3 -> file = Arrays.copyOf(file, file.length - random.nextInt(file.length / 4 + 1));
        case 4 -> {
          int length = random.nextInt(Math.min(20, file.length - at));
          byte[] without = Arrays.copyOf(file, file.length - length);
          System.arraycopy(file, at + length, without, at, file.length - at - length);
          file = without;
        }
        default -> {
          int from = random.nextInt(file.length);
          int length = random.nextInt(Math.min(20, file.length - Math.max(at, from)) + 1);
          System.arraycopy(file, from, file, at, length);
        }
      }
    }
    return file;
  }
}
