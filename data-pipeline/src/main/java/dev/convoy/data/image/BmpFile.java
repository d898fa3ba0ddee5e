package dev.convoy.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A BMP. The JDK's reader decodes it, with a header in which no colour profile is left. JPEG and
 * PNG data within a BMP, which only printers take, are refused.
 */
final class BmpFile implements ImageFile {
  private static final int HEADER_AT = 14;
  private static final int CORE_HEADER_BYTES = 12;
  private static final int INFO_HEADER_BYTES = 40;

  /** The first header that tells a colour space, and where. */
  private static final int HEADER_4_BYTES = 108;

  private static final int COLOUR_SPACE_AT = HEADER_AT + 56;
  private static final int STANDARD_RGB = 0x73524742;

  private static final int UNCOMPRESSED = 0;
  private static final int RUN_LENGTH_8 = 1;
  private static final int RUN_LENGTH_4 = 2;
  private static final int BIT_MASKS = 3;

  private final byte[] file;
  private final int height;
  private final int width;
  private final int bitsPerPixel;
  private final boolean runLengths;

  /** Reads the header. */
  BmpFile(byte[] file) throws UnreadableImageException {
    this.file = file.clone();
    ByteBuffer header = ByteBuffer.wrap(this.file).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int headerBytes = header.getInt(HEADER_AT);
      int compression = UNCOMPRESSED;
      if (headerBytes == CORE_HEADER_BYTES) {
        width = header.getShort(18) & 0xffff;
        height = header.getShort(20) & 0xffff;
        bitsPerPixel = header.getShort(24);
      } else if (headerBytes >= INFO_HEADER_BYTES) {
        width = header.getInt(18);
        // Negative for rows from the top. The smallest integer stays negative, and is refused.
        height = Math.abs(header.getInt(22));
        bitsPerPixel = header.getShort(28);
        compression = header.getInt(30);
      } else {
        throw broken("a header of " + headerBytes + " bytes");
      }
      if (compression < UNCOMPRESSED || compression > BIT_MASKS) {
        throw broken("the unknown compression " + compression);
      }
      runLengths = compression == RUN_LENGTH_8 || compression == RUN_LENGTH_4;
      if (headerBytes >= HEADER_4_BYTES) {
        header.putInt(COLOUR_SPACE_AT, STANDARD_RGB);
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new UnreadableImageException("the BMP data end too early or are damaged", e);
    }
  }

  @Override
  public ImageHeader header() {
    return new ImageHeader(height, width, 3, Orientation.UPRIGHT);
  }

  @Override
  public long bytes(int rows) {
    // The reader undoes run lengths for the whole picture at once.
    long picture = runLengths ? 2L * height * width : 0;
    return 2L * file.length + picture + (long) rows * width * Math.max(1, bitsPerPixel / 8);
  }

  @Override
  public void read(int rowsAtOnce, Rows rows) throws IOException, UnreadableImageException {
    JdkReader.BMP.read(file, header(), rowsAtOnce, this::convert, rows);
  }

  /** Values are taken as stored: {@code getRGB} could convert between colour spaces. */
  private void convert(BufferedImage strip, int y, byte[][] row) {
    Raster raster = strip.getRaster();
    int[] samples = raster.getPixels(0, y, width, 1, (int[]) null);
    int bands = raster.getNumBands();
    if (strip.getColorModel() instanceof IndexColorModel palette) {
      convertPalette(samples, palette, row);
    } else {
      int[] most = {255, 255, 255};
      if (strip.getColorModel() instanceof DirectColorModel packed) {
        for (int channel = 0; channel < 3; channel++) {
          most[channel] = (1 << packed.getComponentSize(channel)) - 1;
        }
      }
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < 3; channel++) {
          // One band: the reader has found that the palette is the grey values in their order.
          int sample = samples[x * bands + Math.min(channel, bands - 1)];
          row[channel][x] = (byte) Math.round(sample * 255f / Math.max(1, most[channel]));
        }
      }
    }
  }

  private void convertPalette(int[] indices, IndexColorModel palette, byte[][] row) {
    // As long as the pixels' bits allow: a damaged file may point beyond its colours.
    byte[][] colours = new byte[3][1 << palette.getPixelSize()];
    palette.getReds(colours[0]);
    palette.getGreens(colours[1]);
    palette.getBlues(colours[2]);
    for (int channel = 0; channel < 3; channel++) {
      for (int x = 0; x < width; x++) {
        row[channel][x] = colours[channel][indices[x]];
      }
    }
  }

  private static UnreadableImageException broken(String what) {
    return UnreadableImageException.broken(ImageFormat.BMP, what);
  }
}
