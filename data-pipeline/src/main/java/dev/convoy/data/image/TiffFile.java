package dev.convoy.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.BufferUnderflowException;

/**
 * The first picture of a TIFF, which the JDK's reader decodes: uncompressed, or by LZW, Deflate,
 * PackBits, JPEG or the codes of fax machines. The reader is given a directory of those tags alone
 * that the pixels depend on, all of which lie within the file: it sees no colour profile and no
 * directory that another points to. Of 16 bits the upper 8 count; ink becomes colour as in {@link
 * JpegColours}. Of JPEG data within a TIFF the headers are looked at ({@link TiffJpeg}); damage to
 * the rest is not noticed.
 */
final class TiffFile implements ImageFile {
  private static final int GREY_WHITE_IS_ZERO = 0;
  private static final int GREY = 1;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int INKS = 5;
  private static final int LUMA_CHROMA = 6;

  /** The compression by JPEG. */
  private static final int JPEG = 7;

  /** A tile may be larger than its picture, but not by any number. */
  private static final long MOST_TILE_PIXELS = 1 << 22;

  private static final int MOST_SAMPLES = 8;

  private final byte[] file;
  private final TiffDirectory tags;
  private final int height;
  private final int width;
  private final int colours;
  private final int samples;
  private final int bits;

  /** Reads the first directory. */
  TiffFile(byte[] file) throws UnreadableImageException {
    try {
      tags = TiffDirectory.first(file);
      width = tags.number(TiffDirectory.WIDTH, 0);
      height = tags.number(TiffDirectory.HEIGHT, 0);
      samples = tags.number(TiffDirectory.SAMPLES, 1);
      colours = tags.number(TiffDirectory.COLOURS, -1);
      bits = tags.numberOfAll(TiffDirectory.BITS, 1);
      requireKnown();
      tags.requirePixelsWithin(file.length);
      requireTiles();
      if (tags.number(TiffDirectory.COMPRESSION, 1) == JPEG) {
        new TiffJpeg(file, partWidth(), partHeight()).requireWithinParts(tags);
      }
      this.file = tags.withoutOthers();
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new UnreadableImageException("the TIFF data end too early or are damaged", e);
    }
  }

  private void requireKnown() throws UnreadableImageException {
    boolean known =
        samples <= MOST_SAMPLES
            && switch (colours) {
              case GREY_WHITE_IS_ZERO, GREY -> bits == 1 || bits == 2 || bits == 4 || hasBytes();
              case RGB -> samples >= 3 && hasBytes();
              case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
              case INKS -> samples >= 4 && hasBytes();
              case LUMA_CHROMA -> samples == 3 && bits == 8;
              default -> false;
            };
    int format = tags.numberOfAll(TiffDirectory.SAMPLE_FORMAT, 1);
    if (!known || format != 1) {
      throw broken(
          samples
              + " samples of "
              + bits
              + " bits"
              + (format == 1 ? "" : " that are no whole numbers")
              + " and colours of kind "
              + colours
              + ", which are not decoded");
    }
    int compression = tags.number(TiffDirectory.COMPRESSION, 1);
    switch (compression) {
      case 1, 2, 3, 4, 5, JPEG, 8, 32773, 32946 -> {
        // Decoded.
      }
      default -> throw broken("the compression " + compression + ", which is not decoded");
    }
    if (colours == PALETTE && tags.count(TiffDirectory.PALETTE) < 3 << Math.min(bits, 8)) {
      throw broken("a palette that is too short");
    }
  }

  private boolean hasBytes() {
    return bits == 8 || bits == 16;
  }

  private void requireTiles() throws UnreadableImageException {
    long tile =
        (long) tags.number(TiffDirectory.TILE_WIDTH, 1) * tags.number(TiffDirectory.TILE_HEIGHT, 1);
    if (tile < 1 || tile > Math.max(MOST_TILE_PIXELS, (long) height * width)) {
      throw broken("tiles of " + tile + " pixels");
    }
  }

  private int partWidth() {
    return tags.number(TiffDirectory.TILE_WIDTH, width);
  }

  private int partHeight() {
    int strip = Math.min(height, tags.number(TiffDirectory.STRIP_HEIGHT, height));
    return tags.number(TiffDirectory.TILE_HEIGHT, strip);
  }

  @Override
  public ImageHeader header() {
    int channels = colours == GREY || colours == GREY_WHITE_IS_ZERO ? 1 : 3;
    return new ImageHeader(height, width, channels, tags.orientation());
  }

  @Override
  public boolean holdsMore() {
    return tags.hasNext();
  }

  @Override
  public long bytes(int rows) {
    long sampleBytes = (long) samples * Math.max(1, bits / 8);
    long strip =
        Math.max(
            (long) Math.min(height, tags.number(TiffDirectory.STRIP_HEIGHT, height)) * width,
            (long) tags.number(TiffDirectory.TILE_WIDTH, 1)
                * tags.number(TiffDirectory.TILE_HEIGHT, 1));
    return 2L * file.length
        + sampleBytes * (2 * strip + (long) rows * width)
        + (long) Integer.BYTES * samples * width;
  }

  @Override
  public void read(int rowsAtOnce, Rows rows) throws IOException, UnreadableImageException {
    JdkReader.TIFF.read(file, header(), rowsAtOnce, this::convert, rows);
  }

  private void convert(BufferedImage strip, int y, byte[][] row) {
    Raster raster = strip.getRaster();
    int[] values = raster.getPixels(0, y, width, 1, (int[]) null);
    int bands = raster.getNumBands();
    if (colours == PALETTE) {
      int each = tags.count(TiffDirectory.PALETTE) / 3;
      for (int channel = 0; channel < 3; channel++) {
        for (int x = 0; x < width; x++) {
          int index = channel * each + values[x * bands];
          row[channel][x] = (byte) (tags.element(TiffDirectory.PALETTE, index) >> 8);
        }
      }
    } else if (strip.getColorModel() instanceof IndexColorModel greys) {
      for (int x = 0; x < width; x++) {
        row[0][x] = (byte) greys.getRed(values[x * bands]);
      }
    } else {
      int shift = bits == 16 ? 8 : 0;
      for (int channel = 0; channel < row.length; channel++) {
        for (int x = 0; x < width; x++) {
          row[channel][x] = (byte) (values[x * bands + channel] >> shift);
        }
      }
      if (colours == INKS) {
        for (int x = 0; x < width; x++) {
          int light = 255 - (values[x * bands + 3] >> shift);
          for (byte[] channel : row) {
            channel[x] = JpegColours.printed(255 - (channel[x] & 0xff), light);
          }
        }
      }
    }
  }

  private static UnreadableImageException broken(String what) {
    return UnreadableImageException.broken(ImageFormat.TIFF, what);
  }
}
