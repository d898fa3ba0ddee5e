package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.source.DecodeLimits;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a TIFF claims is bounded before any of it is believed. */
class TiffFileTest {
  private static final StoredShape STORED = StoredShape.resized(new ImageShape(20, 20, 3));
  private static final DecodeLimits LIMITS = new DecodeLimits(1_000_000, 100_000);

  /** Tables of JPEG data: only a comment. */
  private static final byte[] TABLES = {
    (byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xfe, 0, 3, 1, (byte) 0xff, (byte) 0xd9
  };

  private final ImageDecoder decoder = new ImageDecoder(STORED, LIMITS);

  @ParameterizedTest
  @CsvSource({
    "258, 3, 'samples of 3 bits'",
    "259, 6, 'the compression 6, which is not decoded'",
    "259, 34712, 'the compression 34712, which is not decoded'",
    "262, 8, 'colours of kind 8, which are not decoded'",
    "277, 60000, '60000 samples of 8 bits'",
    "273, 30000, 'the TIFF data end too early or are damaged'",
    "279, 30000, 'the TIFF data end too early or are damaged'"
  })
  void claimsThatCannotBeAreRefused(int tag, int value, String reason) throws Exception {
    ByteBuffer file = ByteBuffer.wrap(EncodedImage.encode(grey(), "tiff"));
    EncodedImage.setTag(file, tag, value);

    assertThatThrownBy(() -> decoder.decode(file.array()))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void jpegDataOfAPartAreDecoded() throws Exception {
    byte[] jpeg = EncodedImage.large("jpg", 20, 20);
    byte[] alone = new ImageDecoder(STORED, LIMITS).decode(jpeg).pixels();

    assertThat(decoder.decode(tiff(jpeg, TABLES)).pixels()).isEqualTo(alone);
    assertThat(decoder.decode(tiff(jpeg, null)).pixels()).isEqualTo(alone);
  }

  @ParameterizedTest
  @CsvSource({
    "65500, 65500, 'JPEG data of 65500 x 65500 pixels in a strip or tile of 20 x 20'",
    "20, 21, 'JPEG data of 20 x 21 pixels in a strip or tile of 20 x 20'",
    "21, 20, 'JPEG data of 21 x 20 pixels in a strip or tile of 20 x 20'"
  })
  void jpegDataThatAreLargerThanTheirPartAreRefused(int width, int height, String reason)
      throws Exception {
    byte[] jpeg = EncodedImage.withSize(EncodedImage.small("jpg"), "jpg", width, height);

    assertRefused(tiff(jpeg, null), reason);
    assertRefused(tiff(jpeg, TABLES), reason);
  }

  /** Of a picture in several scans libjpeg keeps all coefficients. */
  @Test
  void jpegDataInSeveralScansAreRefused() throws Exception {
    String reason = "JPEG data in several scans, which are not decoded";
    assertRefused(tiff(EncodedImage.progressiveJpeg(20, 20), null), reason);

    byte[] first = EncodedImage.large("jpg", 20, 20);
    int scan = new String(first, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00da");
    byte[] onlyLuma = ByteBuffer.wrap(first).putShort(scan + 2, (short) 8).array();
    onlyLuma[scan + 4] = 1;
    assertRefused(tiff(onlyLuma, null), reason);
  }

  /** The reader takes tables and data for one stream. */
  @Test
  void tablesOfJpegDataHoldNothingElse() throws Exception {
    byte[] jpeg = EncodedImage.progressiveJpeg(20, 20);
    byte[] half = Arrays.copyOf(TABLES, TABLES.length - 3);

    assertRefused(tiff(jpeg, jpeg), "JPEG tables with other data");
    assertThatThrownBy(() -> decoder.decode(tiff(jpeg, half)))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessage("the JPEG data end too early or are damaged");
  }

  private void assertRefused(byte[] file, String reason) {
    assertThatThrownBy(() -> decoder.decode(file))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessage("broken TIFF data: " + reason);
  }

  /** A TIFF of 20 x 20 pixels whose only strip is JPEG data. */
  private static byte[] tiff(byte[] jpeg, byte[] tables) {
    int tags = tables == null ? 10 : 11;
    int strip = 8 + 2 + 12 * tags + 4;
    int end = strip + jpeg.length;
    ByteBuffer file =
        ByteBuffer.allocate(end + 6 + (tables == null ? 0 : tables.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putShort((short) 0x4949).putShort((short) 42).putInt(8).putShort((short) tags);
    putTag(file, 256, 3, 1, 20);
    putTag(file, 257, 3, 1, 20);
    putTag(file, 258, 3, 3, end);
    putTag(file, 259, 3, 1, 7);
    putTag(file, 262, 3, 1, 6);
    putTag(file, 273, 4, 1, strip);
    putTag(file, 277, 3, 1, 3);
    putTag(file, 278, 3, 1, 20);
    putTag(file, 279, 4, 1, jpeg.length);
    putTag(file, 284, 3, 1, 1);
    if (tables != null) {
      putTag(file, 347, 7, tables.length, end + 6);
    }
    file.putInt(0).put(jpeg).putShort((short) 8).putShort((short) 8).putShort((short) 8);
    return tables == null ? file.array() : file.put(tables).array();
  }

  private static void putTag(ByteBuffer file, int tag, int type, int count, int value) {
    file.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
  }

  @Test
  void filesOfMoreThanFourGigabytesAreNamed() throws Exception {
    ByteBuffer file = ByteBuffer.wrap(EncodedImage.small("tiff"));
    int magic = file.get(0) == 'I' ? 0x49492b00 : 0x4d4d002b;

    assertThatThrownBy(() -> decoder.decode(file.putInt(0, magic).array()))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessage("broken TIFF data: BigTIFF, which is not decoded");
  }

  @Test
  void aSinglePageIsAll() throws Exception {
    assertThat(decoder.open(EncodedImage.small("tiff"), Long.MAX_VALUE).holdsMore()).isFalse();
  }

  private static BufferedImage grey() {
    return EncodedImage.noise(20, 20, BufferedImage.TYPE_BYTE_GRAY);
  }
}
