package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.source.DecodeLimits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WebpFileTest {
  private final ImageDecoder decoder =
      new ImageDecoder(
          new StoredShape(new ImageShape(20, 20, 3), 100), new DecodeLimits(10_000, 100_000));

  @Test
  void theFirstFrameOfAnAnimationLiesOnItsCanvas() throws Exception {
    byte[] still = decoder.decode(EncodedImage.small("webp")).pixels();

    Picture picture = decoder.decode(EncodedImage.animatedWebp(20, 20));

    ImageShape canvas = new ImageShape(24, 28, 3);
    assertThat(picture.shape()).isEqualTo(canvas);
    byte[] expected = new byte[canvas.size()];
    for (int row = 0; row < 3 * 20; row++) {
      int y = row / 20 * 24 + row % 20 + 2;
      System.arraycopy(still, row * 20, expected, y * 28 + 4, 20);
    }
    assertThat(picture.pixels()).isEqualTo(expected);
  }

  @Test
  void anAnimationHoldsMoreThanOnePicture() throws Exception {
    assertThat(decoder.open(EncodedImage.animatedWebp(20, 20), Long.MAX_VALUE).holdsMore())
        .isTrue();
    assertThat(decoder.open(EncodedImage.small("webp"), Long.MAX_VALUE).holdsMore()).isFalse();
  }

  @Test
  void aFrameThatLeavesItsCanvasIsRefused() throws Exception {
    assertUnreadable(
        EncodedImage.animatedWebp(10, 10), "broken WebP data: a frame that leaves its canvas");
  }

  @Test
  void aHugeCanvasIsRefusedBeforeAnyPixelIsRead() throws Exception {
    assertUnreadable(
        EncodedImage.animatedWebp(20_000, 10_000),
        "20008x10004 pixels, more than data.max-image-megapixels allows, 10000");
  }

  @Test
  void sizesThatContradictEachOtherAreRefused() throws Exception {
    byte[] file = EncodedImage.small("webp");
    assertUnreadable(
        Arrays.copyOf(file, file.length - 1), "the WebP data end too early or are damaged");
    ByteBuffer chunk = ByteBuffer.wrap(file.clone()).order(ByteOrder.LITTLE_ENDIAN);
    assertUnreadable(
        chunk.putInt(16, Integer.MAX_VALUE).array(), "the WebP data end too early or are damaged");
    assertUnreadable(chunk.putInt(16, -5).array(), "the WebP data end too early or are damaged");
  }

  private void assertUnreadable(byte[] file, String reason) {
    assertThatThrownBy(() -> decoder.decode(file))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessage(reason);
  }
}
