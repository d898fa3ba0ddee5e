package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.source.DecodeLimits;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;

/** No picture is decoded by the tables of another. */
class JpegTablesTest {
  private static final int HUFFMAN_TABLES = 0xc4;
  private static final int QUANTISATION_TABLES = 0xdb;

  private final ImageDecoder decoder =
      new ImageDecoder(
          StoredShape.resized(new ImageShape(20, 20, 3)), new DecodeLimits(1000, 100_000));

  @Test
  void standardHuffmanTablesMayBeLeftOutWhateverWasDecodedBefore() throws Exception {
    byte[] whole = EncodedImage.small("jpg");
    byte[] expected = decoder.decode(whole).pixels();

    assertThat(decoder.decode(optimised()).pixels()).isNotEqualTo(expected);

    assertThat(decoder.decode(without(whole, HUFFMAN_TABLES)).pixels()).isEqualTo(expected);
  }

  @Test
  void quantisationTablesOfThePictureBeforeAreNotUsed() throws Exception {
    byte[] whole = EncodedImage.small("jpg");
    decoder.decode(whole);

    byte[] without = without(whole, QUANTISATION_TABLES);

    assertThatThrownBy(() -> decoder.decode(without))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("Quantization table 0x00 was not defined");
  }

  private static byte[] optimised() throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    JPEGImageWriteParam parameters = (JPEGImageWriteParam) writer.getDefaultWriteParam();
    parameters.setOptimizeHuffmanTables(true);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BufferedImage image = EncodedImage.flat(20, 20, 30, 60, 90);
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** A JPEG without the segments of a kind. */
  private static byte[] without(byte[] jpeg, int marker) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    kept.write(jpeg, 0, 2);
    int at = 2;
    while ((jpeg[at + 1] & 0xff) != 0xda) {
      int bytes = 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
      if ((jpeg[at + 1] & 0xff) != marker) {
        kept.write(jpeg, at, bytes);
      }
      at += bytes;
    }
    kept.write(jpeg, at, jpeg.length - at);
    return kept.toByteArray();
  }
}
