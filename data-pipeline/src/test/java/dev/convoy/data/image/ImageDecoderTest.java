package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.source.DecodeLimits;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
  /** What quality 100 and the colour conversion cost on flat areas. */
  private static final int JPEG_LOSS = 3;

  private static final DecodeLimits LIMITS = new DecodeLimits(1_000_000, 1_000_000);
  private static final ImageShape COLOUR = new ImageShape(12, 16, 3);
  private static final ImageShape GREY = new ImageShape(12, 16, 1);

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "tiff"})
  void losslessColoursAreKept(String format) throws Exception {
    BufferedImage image = EncodedImage.noise(16, 12, BufferedImage.TYPE_3BYTE_BGR);

    assertThat(decode(EncodedImage.encode(image, format), COLOUR))
        .isEqualTo(EncodedImage.planes(image));
  }

  @Test
  void greyValuesAreKeptWithoutGamma() throws Exception {
    BufferedImage image = new BufferedImage(16, 12, BufferedImage.TYPE_BYTE_GRAY);
    byte[] values = new byte[GREY.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (i + 40);
      image.getRaster().setSample(i % 16, i / 16, 0, i + 40);
    }

    assertThat(decode(EncodedImage.encode(image, "png"), GREY)).isEqualTo(values);
    byte[] colours = decode(EncodedImage.encode(image, "png"), COLOUR);
    for (int channel = 0; channel < 3; channel++) {
      int start = channel * GREY.size();
      assertThat(Arrays.copyOfRange(colours, start, start + GREY.size())).isEqualTo(values);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif"})
  void palettesAreResolved(String format) throws Exception {
    byte[] reds = {0, (byte) 255, 10, 77};
    byte[] greens = {0, 20, (byte) 200, 77};
    byte[] blues = {0, 30, 40, 77};
    BufferedImage image =
        new BufferedImage(
            16,
            12,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(2, 4, reds, greens, blues));
    byte[] expected = new byte[COLOUR.size()];
    for (int i = 0; i < GREY.size(); i++) {
      image.getRaster().setSample(i % 16, i / 16, 0, i % 4);
      expected[i] = reds[i % 4];
      expected[GREY.size() + i] = greens[i % 4];
      expected[2 * GREY.size() + i] = blues[i % 4];
    }

    assertThat(decode(EncodedImage.encode(image, format), COLOUR)).isEqualTo(expected);
  }

  @Test
  void alphaIsDropped() throws Exception {
    BufferedImage image = EncodedImage.noise(16, 12, BufferedImage.TYPE_4BYTE_ABGR);
    for (int i = 0; i < GREY.size(); i++) {
      image.getRaster().setSample(i % 16, i / 16, 3, i % 256);
    }

    assertThat(decode(EncodedImage.encode(image, "png"), COLOUR))
        .isEqualTo(EncodedImage.planes(image));
  }

  @Test
  void ofSixteenBitsTheUpperEightCount() throws Exception {
    BufferedImage image = new BufferedImage(16, 12, BufferedImage.TYPE_USHORT_GRAY);
    byte[] expected = new byte[GREY.size()];
    for (int i = 0; i < GREY.size(); i++) {
      image.getRaster().setSample(i % 16, i / 16, 0, i * 300);
      expected[i] = (byte) ((i * 300) >> 8);
    }

    assertThat(decode(EncodedImage.encode(image, "png"), GREY)).isEqualTo(expected);
  }

  @Test
  void blackAndWhiteIsZeroAnd255() throws Exception {
    BufferedImage image = new BufferedImage(16, 12, BufferedImage.TYPE_BYTE_BINARY);
    image.getRaster().setSample(3, 0, 0, 1);

    byte[] pixels = decode(EncodedImage.encode(image, "png"), GREY);

    assertThat(pixels[3]).isEqualTo((byte) 255);
    assertThat(pixels[2]).isZero();
  }

  @Test
  void packedColoursAreKept() throws Exception {
    BufferedImage image = new BufferedImage(16, 12, BufferedImage.TYPE_USHORT_565_RGB);
    for (int x = 0; x < 16; x++) {
      for (int y = 0; y < 12; y++) {
        image.setRGB(x, y, 0xffff0000);
      }
    }

    byte[] pixels = decode(EncodedImage.encode(image, "bmp"), COLOUR);

    assertThat(pixels[0]).isEqualTo((byte) 255);
    assertThat(pixels[GREY.size()]).isZero();
  }

  @Test
  void coloursOfJpegsAreKeptNearly() throws Exception {
    BufferedImage image = EncodedImage.flat(16, 12, 200, 100, 30);

    byte[] pixels = decode(EncodedImage.encode(image, "jpg"), COLOUR);

    assertColour(pixels, 200, 100, 30);
  }

  @Test
  void greyJpegsAreRead() throws Exception {
    BufferedImage image = new BufferedImage(16, 12, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < GREY.size(); i++) {
      image.getRaster().setSample(i % 16, i / 16, 0, 90);
    }

    byte[] pixels = decode(EncodedImage.encode(image, "jpg"), COLOUR);

    assertColour(pixels, 90, 90, 90);
  }

  @Test
  void jpegsForPrintAreRead() throws Exception {
    byte[] inks = EncodedImage.fourComponentJpeg(16, 12, 255, 55, 55, 200);

    // With all cyan ink missing red is as bright as black lets through; 55 * 200 / 255 = 43.
    assertColour(decode(inks, COLOUR), 200, 43, 43);
    assertColour(decode(EncodedImage.withAdobeMarker(inks, 0), COLOUR), 200, 43, 43);
  }

  @Test
  void jpegsForPrintInLumaAndChromaAreRead() throws Exception {
    byte[] neutral = EncodedImage.fourComponentJpeg(16, 12, 100, 128, 128, 255);
    assertColour(decode(EncodedImage.withAdobeMarker(neutral, 2), COLOUR), 155, 155, 155);

    byte[] red = EncodedImage.fourComponentJpeg(16, 12, 179, 171, 0, 255);
    // libjpeg: 255 - (179 + 1.402 * -128), 255 - (179 - 0.344 * 43 + 0.714 * 128) and so on.
    assertColour(decode(EncodedImage.withAdobeMarker(red, 2), COLOUR), 255, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 'ab/cd/ef'",
    "2, 'ba/dc/fe'",
    "3, 'fe/dc/ba'",
    "4, 'ef/cd/ab'",
    "5, 'ace/bdf'",
    "6, 'eca/fdb'",
    "7, 'fdb/eca'",
    "8, 'bdf/ace'",
    "9, 'ab/cd/ef'"
  })
  void exifOrientationIsApplied(int orientation, String seen) throws Exception {
    // Six flat blocks a to f, two to a row and three to a column, 16 pixels wide and high.
    BufferedImage image = new BufferedImage(32, 48, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 32; x++) {
        image.getRaster().setSample(x, y, 0, 40 * (1 + y / 16 * 2 + x / 16));
      }
    }
    byte[] jpeg = EncodedImage.withOrientation(EncodedImage.encode(image, "jpg"), orientation);
    String[] rows = seen.split("/", -1);
    int height = 16 * rows.length;
    int width = 16 * rows[0].length();

    byte[] pixels = decode(jpeg, new ImageShape(height, width, 1));

    for (int row = 0; row < rows.length; row++) {
      for (int column = 0; column < rows[0].length(); column++) {
        int middle = pixels[(row * 16 + 8) * width + column * 16 + 8] & 0xff;
        int expected = 40 * (1 + rows[row].charAt(column) - 'a');
        assertThat(middle).isCloseTo(expected, within(JPEG_LOSS));
      }
    }
  }

  @Test
  void otherSizesAreResampled() throws Exception {
    BufferedImage image = EncodedImage.noise(40, 50, BufferedImage.TYPE_3BYTE_BGR);

    assertThat(decode(EncodedImage.encode(image, "png"), COLOUR))
        .isEqualTo(new Resampling(50, 40, 3, COLOUR).apply(EncodedImage.planes(image)).pixels());
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "tiff", "webp", "turned jpg", "grey jpg"})
  void aPartIsThatOfTheWhole(String format) throws Exception {
    BufferedImage image =
        EncodedImage.noise(
            45,
            37,
            format.startsWith("grey")
                ? BufferedImage.TYPE_BYTE_GRAY
                : BufferedImage.TYPE_3BYTE_BGR);
    String name = format.substring(format.indexOf(' ') + 1);
    byte[] file = EncodedImage.encode(image, name);
    if (format.startsWith("turned")) {
      file = EncodedImage.withOrientation(file, 6);
    }
    ImageDecoder decoder = new ImageDecoder(new StoredShape(COLOUR, 4096), LIMITS);
    Picture whole = decoder.decode(file);
    for (long memory : new long[] {1, Long.MAX_VALUE}) {
      for (CropBox box : List.of(CropBox.whole(whole.shape()), new CropBox(7, 5, 23, 30))) {
        ImageDecoder.Opened opened = decoder.open(file, memory);
        PicturePart part = opened.decode(box);
        PicturePart all = PicturePart.whole(whole);

        assertThat(part.whole()).isEqualTo(whole.shape());
        for (int y = box.top(); y < box.top() + box.height(); y++) {
          for (int x = box.left(); x < box.left() + box.width(); x++) {
            for (int channel = 0; channel < whole.shape().channels(); channel++) {
              assertThat(part.values()[part.index(channel, y, x)])
                  .isEqualTo(whole.pixels()[all.index(channel, y, x)]);
            }
          }
        }
      }
    }
  }

  @Test
  void ofAnEncodedPictureNoMoreIsDecodedThanItsPart() throws Exception {
    ImageDecoder decoder = new ImageDecoder(new StoredShape(COLOUR, 4096), LIMITS);
    byte[] file =
        EncodedImage.encode(EncodedImage.noise(45, 37, BufferedImage.TYPE_3BYTE_BGR), "jpg");

    PicturePart part = decoder.open(file, Long.MAX_VALUE).decode(new CropBox(7, 5, 23, 30));

    assertThat(part.stride()).isEqualTo(30);
    assertThat(part.plane()).isEqualTo(23 * 30);
    assertThat(part.index(0, 7, 5)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "tiff"})
  void headersOfHugeImagesAreRefusedBeforeAnyPixelIsRead(String format) throws Exception {
    byte[] bomb = EncodedImage.withSize(EncodedImage.small(format), format, 20_000, 20_000);

    assertUnreadable(
        bomb, "20000x20000 pixels, more than data.max-image-megapixels allows, 1000000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "webp", "tiff"})
  void truncatedFilesAreRefused(String format) throws Exception {
    BufferedImage image = EncodedImage.noise(64, 64, BufferedImage.TYPE_3BYTE_BGR);
    byte[] file = EncodedImage.encode(image, format);
    for (int percent : new int[] {10, 50, 75, 95}) {
      byte[] cut = Arrays.copyOf(file, file.length * percent / 100);
      assertThatThrownBy(() -> decode(cut, COLOUR))
          .as("%s cut to %d %%", format, percent)
          .isInstanceOf(UnreadableImageException.class)
          .hasMessageMatching("(?s)(broken|the) [A-Za-z]+ data.*");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ImageFormat.class,
      names = {"JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF"})
  void magicNumbersAloneAreRefused(ImageFormat format) throws Exception {
    byte[] file =
        EncodedImage.small(
            format == ImageFormat.JPEG ? "jpg" : format.name().toLowerCase(Locale.ROOT));
    for (int length = format == ImageFormat.WEBP ? 12 : 8; length < 30; length++) {
      byte[] start = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> decode(start, COLOUR))
          .isInstanceOf(UnreadableImageException.class)
          .hasMessageContaining(format.title() + " data");
    }
  }

  @Test
  void whatIsNoImageIsRefused() {
    assertUnreadable(new byte[0], "the file is empty");
    assertUnreadable(new byte[100], "not a JPEG, PNG, BMP, GIF, WebP or TIFF image");
    assertUnreadable(
        "Dear diary".getBytes(StandardCharsets.UTF_8),
        "not a JPEG, PNG, BMP, GIF, WebP or TIFF image");
  }

  @Test
  void largeFilesAreRefused() {
    ImageDecoder decoder = new ImageDecoder(StoredShape.resized(COLOUR), new DecodeLimits(100, 50));

    assertThatThrownBy(() -> decoder.decode(new byte[51]))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessage("the file has 51 bytes, more than data.max-file-megabytes allows, 50");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "webp", "tiff"})
  void damagedFilesNeverCauseAnythingElse(String format) throws Exception {
    byte[] file = EncodedImage.small(format);
    ImageDecoder decoder = new ImageDecoder(StoredShape.resized(COLOUR), LIMITS);
    int refused = 0;
    for (int seed = 0; seed < 400; seed++) {
      KeyedRandom random = KeyedRandom.of(seed, Purpose.SYNTHETIC);
      byte[] damaged = file.clone();
      for (int change = 0; change < 4; change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(decoder.decode(damaged).pixels()).as("seed %d", seed).hasSize(COLOUR.size());
      } catch (UnreadableImageException e) {
        assertThat(e).as("seed %d", seed).hasMessageMatching(".{5,200}");
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "gif", "jpg", "webp", "tiff"})
  void theMemoryThatThereIsChangesNothing(String format) throws Exception {
    byte[] file = EncodedImage.large(format, 130, 90);
    ImageDecoder decoder = new ImageDecoder(StoredShape.resized(COLOUR), LIMITS);
    byte[] expected = decoder.decode(file).pixels();
    long all = decoder.open(file, Long.MAX_VALUE).bytes();

    for (long memory = 0; memory <= all; memory += all / 50) {
      ImageDecoder.Opened image = decoder.open(file, memory);
      assertThat(image.bytes()).isLessThanOrEqualTo(all);
      assertThat(image.decode().pixels()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "jpg"})
  void aPictureOf42MegapixelsFitsIntoAQuarterOf512Megabytes(String format) throws Exception {
    byte[] header = EncodedImage.withSize(EncodedImage.small(format), format, 7952, 5304);
    long memory = 128 << 20;

    ImageDecoder decoder =
        new ImageDecoder(
            StoredShape.resized(new ImageShape(224, 224, 3)),
            new DecodeLimits(64_000_000, 1 << 20));

    assertThat(decoder.open(header, memory).bytes()).isBetween(1L << 20, memory);
  }

  /** libjpeg keeps 2 bytes of each coefficient of a picture that comes in several scans. */
  @Test
  void theCoefficientsOfAProgressiveJpegAreReservedBesideTheHeap() throws Exception {
    ImageDecoder decoder = new ImageDecoder(StoredShape.resized(COLOUR), LIMITS);
    ImageDecoder.Opened progressive =
        decoder.open(EncodedImage.progressiveJpeg(100, 60), Long.MAX_VALUE);
    // Units of 16 x 16 pixels, with four blocks of brightness and one of each colour difference.
    long blocks = 7 * 4 * (4 + 1 + 1);
    assertThat(progressive.reservedBytes() - progressive.bytes()).isEqualTo(blocks * 64 * 2);

    byte[] once = EncodedImage.large("jpg", 100, 60);
    ImageDecoder.Opened baseline = decoder.open(once, Long.MAX_VALUE);
    long pixels = 320 * 60;
    assertThat(baseline.reservedBytes() - baseline.bytes())
        .isEqualTo(TurboJpeg.isUsed() ? once.length + pixels : 0);
  }

  @Test
  void colourProfilesOfJpegsAreNotApplied() throws Exception {
    byte[] jpeg = EncodedImage.encode(EncodedImage.flat(16, 12, 200, 100, 30), "jpg");
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();

    assertThat(decode(EncodedImage.withColourProfile(jpeg, profile), COLOUR))
        .isEqualTo(decode(jpeg, COLOUR));
  }

  @Test
  void aJpegOfHundredsOfScansIsRefused() throws Exception {
    byte[] jpeg = EncodedImage.progressiveJpeg(16, 12);
    int lastScan = new String(jpeg, StandardCharsets.ISO_8859_1).lastIndexOf("\u00ff\u00da");
    ByteBuffer many = ByteBuffer.allocate(jpeg.length + 200 * (jpeg.length - lastScan - 2));
    many.put(jpeg, 0, jpeg.length - 2);
    for (int scan = 0; scan < 200; scan++) {
      many.put(jpeg, lastScan, jpeg.length - 2 - lastScan);
    }

    assertThat(decode(jpeg, COLOUR)).hasSize(COLOUR.size());
    assertUnreadable(many.array(), "broken JPEG data: more than 100 scans");
  }

  /** Such as the film of a motion photo. */
  @Test
  void whatFollowsTheEndOfAJpegCountsNoScans() throws Exception {
    for (byte[] jpeg :
        List.of(EncodedImage.large("jpg", 16, 12), EncodedImage.progressiveJpeg(16, 12))) {
      ByteBuffer longer = ByteBuffer.allocate(jpeg.length + 4 * 200).put(jpeg);
      for (int i = 0; i < 200; i++) {
        longer.putShort((short) 0xffda).putShort((short) 2);
      }

      assertThat(decode(longer.array(), COLOUR)).isEqualTo(decode(jpeg, COLOUR));
    }
  }

  /** Such as that of a thumbnail. */
  @Test
  void anEndWithinASegmentIsNotThatOfTheJpeg() throws Exception {
    byte[] jpeg = EncodedImage.progressiveJpeg(16, 12);
    int lastScan = new String(jpeg, StandardCharsets.ISO_8859_1).lastIndexOf("\u00ff\u00da");
    byte[] comment = {(byte) 0xff, (byte) 0xfe, 0, 4, (byte) 0xff, (byte) 0xd9};
    int scanBytes = jpeg.length - 2 - lastScan;
    ByteBuffer many = ByteBuffer.allocate(jpeg.length + comment.length + 200 * scanBytes);
    many.put(jpeg, 0, lastScan).put(comment).put(jpeg, lastScan, scanBytes);
    for (int scan = 0; scan < 200; scan++) {
      many.put(jpeg, lastScan, scanBytes);
    }
    many.put(jpeg, jpeg.length - 2, 2);

    assertUnreadable(many.array(), "broken JPEG data: more than 100 scans");
  }

  @ParameterizedTest
  @CsvSource({"c3", "c9", "ca"})
  void codingsThatNotEveryJdkDecodesAreRefused(String frame) throws Exception {
    byte[] jpeg = EncodedImage.small("jpg");
    int at = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0");
    jpeg[at + 1] = (byte) Integer.parseInt(frame, 16);

    assertUnreadable(
        jpeg,
        "broken JPEG data: lossless, hierarchical or arithmetic coding (frame "
            + frame
            + "), which is not decoded");
  }

  @Test
  void anInterlacedPngThatCannotBeCompleteTakesNoMemory() throws Exception {
    byte[] png = EncodedImage.interlacedPng(20, 20);
    byte[] bomb = EncodedImage.withSize(png, "png", 8_000, 8_000);
    ImageDecoder decoder =
        new ImageDecoder(StoredShape.resized(COLOUR), new DecodeLimits(64_000_000, 1_000_000));

    assertThat(decoder.open(bomb, Long.MAX_VALUE).bytes()).isLessThan(2_000_000);
    assertThatThrownBy(() -> decoder.decode(bomb))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessage("the PNG data end too early or are damaged");
  }

  @ParameterizedTest
  @CsvSource({"IHDR", "IDAT", "IEND", "tEXt"})
  void checksumsOfPngsAreCompared(String chunk) throws Exception {
    byte[] png = EncodedImage.withComment(EncodedImage.small("png"));
    int at = new String(png, StandardCharsets.ISO_8859_1).indexOf(chunk);
    byte[] damaged = png.clone();
    damaged[at + 4] ^= 1;

    assertThat(decode(png, COLOUR)).hasSize(COLOUR.size());
    assertUnreadable(damaged, "broken PNG data: the checksum of its chunk " + chunk + " is wrong");
  }

  @Test
  void theChecksumOfPixelsInPngsIsComparedToo() throws Exception {
    byte[] png = EncodedImage.small("png");
    int end = new String(png, StandardCharsets.ISO_8859_1).indexOf("IEND") - 8;
    png[end - 1] ^= 1;

    assertUnreadable(EncodedImage.withPngChecksums(png), "broken PNG data: incorrect data check");
  }

  @Test
  void brokenLempelZivWelchDataOfGifsAreRefused() throws Exception {
    byte[] gif = EncodedImage.small("gif");
    int refused = 0;
    int at = new String(gif, StandardCharsets.ISO_8859_1).indexOf(",\0\0\0\0");
    for (int damaged = at + 14; damaged < gif.length - 2; damaged++) {
      byte[] copy = gif.clone();
      copy[damaged] = (byte) 0xff;
      try {
        decode(copy, COLOUR);
      } catch (UnreadableImageException e) {
        assertThat(e).hasMessageContaining("GIF data");
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void aFrameOfAGifLiesOnItsScreen() throws Exception {
    BufferedImage white = new BufferedImage(8, 6, BufferedImage.TYPE_BYTE_BINARY);
    white.getRaster().setSamples(0, 0, 8, 6, 0, IntStream.generate(() -> 1).limit(48).toArray());
    byte[] gif = EncodedImage.encode(white, "gif");
    ByteBuffer changed = ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN);
    int frame = new String(gif, StandardCharsets.ISO_8859_1).indexOf(",\0\0\0\0");
    changed.putShort(6, (short) 16).putShort(8, (short) 12);
    changed.putShort(frame + 1, (short) 4).putShort(frame + 3, (short) 2);

    byte[] pixels = decode(gif, GREY);

    for (int y = 0; y < 12; y++) {
      for (int x = 0; x < 16; x++) {
        boolean inside = x >= 4 && x < 12 && y >= 2 && y < 8;
        assertThat(pixels[y * 16 + x]).isEqualTo((byte) (inside ? 255 : 0));
      }
    }
  }

  private static byte[] decode(byte[] file, ImageShape shape) throws UnreadableImageException {
    return new ImageDecoder(StoredShape.resized(shape), LIMITS).decode(file).pixels();
  }

  private static void assertColour(byte[] pixels, int... colour) {
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < GREY.size(); i++) {
        assertThat(pixels[channel * GREY.size() + i] & 0xff)
            .isCloseTo(colour[channel], within(JPEG_LOSS));
      }
    }
  }

  private static void assertUnreadable(byte[] file, String reason) {
    assertThatThrownBy(() -> decode(file, COLOUR))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessage(reason);
  }
}
