package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.source.DecodeLimits;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a TIFF claims is bounded before any of it is believed. */
class TiffFileTest {
  private final ImageDecoder decoder =
      new ImageDecoder(
          StoredShape.resized(new ImageShape(20, 20, 3)), new DecodeLimits(1_000_000, 100_000));

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
