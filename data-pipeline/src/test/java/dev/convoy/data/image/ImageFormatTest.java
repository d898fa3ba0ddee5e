package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.source.DecodeLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFormatTest {
  @ParameterizedTest
  @CsvSource({
    "a.jpg, JPEG",
    "a.JPEG, JPEG",
    "a.jpe, JPEG",
    "a.b.Jfif, JPEG",
    ".png, PNG",
    "a.dib, BMP",
    "a.gif, GIF",
    "a.webp, WEBP",
    "a.tif, TIFF",
    "a.TIFF, TIFF",
    "IMG_0001.HEIC, HEIF"
  })
  void namesTellTheFormatByTheirSuffix(String name, ImageFormat format) {
    assertThat(ImageFormat.ofName(name)).contains(format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "png", "a.", "a.txt", "a.jpg.part", "a.png~", "a.\u017fpng"})
  void otherNamesTellNoFormat(String name) {
    assertThat(ImageFormat.ofName(name)).isEmpty();
  }

  @Test
  void whatIsDecodedHasAReader() throws Exception {
    assertThat(ImageFormat.values())
        .filteredOn(ImageFormat::isDecoded)
        .containsExactly(
            ImageFormat.JPEG,
            ImageFormat.PNG,
            ImageFormat.BMP,
            ImageFormat.GIF,
            ImageFormat.WEBP,
            ImageFormat.TIFF);
    assertThat(ImageFormat.decodedTitles()).isEqualTo("JPEG, PNG, BMP, GIF, WebP or TIFF");
    assertThat(ImageFormat.decodedSuffixes())
        .containsExactly(
            "apng", "bmp", "dib", "gif", "jfif", "jif", "jpe", "jpeg", "jpg", "png", "tif", "tiff",
            "webp");
  }

  @ParameterizedTest
  @CsvSource({"'||||ftypheic', HEIF", "'||||ftypavif', AVIF", "'P6~3 3 255~1', Netpbm"})
  void formatsThatAreNotDecodedAreNamed(String start, String title) {
    byte[] file =
        Arrays.copyOf(
            start.replace('|', '\0').replace('~', '\n').getBytes(StandardCharsets.ISO_8859_1), 200);
    ImageDecoder decoder =
        new ImageDecoder(
            StoredShape.resized(new ImageShape(4, 4, 3)), new DecodeLimits(1_000, 1_000));

    assertThatThrownBy(() -> decoder.decode(file))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessage("not a JPEG, PNG, BMP, GIF, WebP or TIFF image but " + title);
  }
}
