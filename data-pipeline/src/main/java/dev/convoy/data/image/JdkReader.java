package dev.convoy.data.image;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The JDK's own reader of a format, whatever others are on the class path. Found when the first
 * picture is decoded. Thread-safe.
 */
final class JdkReader {
  static final JdkReader JPEG = new JdkReader("JPEG");
  static final JdkReader BMP = new JdkReader("BMP");
  static final JdkReader TIFF = new JdkReader("TIFF");

  private final ImageReaderSpi provider;

  private JdkReader(String format) {
    this.provider = find(format);
  }

  /** Converts a row of what a reader has read. */
  interface RowConversion {
    void convert(BufferedImage strip, int y, byte[][] row);
  }

  /** A reader of one thread. */
  ImageReader create() throws IOException {
    return provider.createReaderInstance();
  }

  /**
   * Reads a whole picture, some rows at once.
   *
   * @param header its own, with which the reader must agree
   * @throws UnreadableImageException when the reader has filled in what is missing or damaged, of
   *     which it merely warns
   */
  void read(byte[] file, ImageHeader header, int rowsAtOnce, RowConversion conversion, Rows rows)
      throws IOException, UnreadableImageException {
    byte[][] row = new byte[header.channels()][header.width()];
    for (int top = 0; top < header.height(); top += rowsAtOnce) {
      int height = Math.min(rowsAtOnce, header.height() - top);
      BufferedImage strip = read(file, header, new Rectangle(0, top, header.width(), height));
      for (int y = 0; y < strip.getHeight(); y++) {
        conversion.convert(strip, y, row);
        rows.accept(row);
      }
    }
  }

  private BufferedImage read(byte[] file, ImageHeader header, Rectangle part)
      throws IOException, UnreadableImageException {
    ImageReader reader = create();
    try {
      boolean[] damaged = new boolean[1];
      reader.addIIOReadWarningListener(
          (source, warning) -> damaged[0] |= meansDamagedPixels(warning));
      reader.setInput(new ByteArrayImageInputStream(file), true, true);
      if (reader.getWidth(0) != header.width() || reader.getHeight(0) != header.height()) {
        throw new UnreadableImageException(
            "broken " + provider.getFormatNames()[0] + " data: two sizes in one header");
      }
      ImageReadParam parameters = reader.getDefaultReadParam();
      parameters.setSourceRegion(part);
      BufferedImage strip = reader.read(0, parameters);
      if (damaged[0]) {
        throw UnreadableImageException.damaged(provider.getFormatNames()[0]);
      }
      return strip;
    } finally {
      reader.dispose();
    }
  }

  /**
   * Warnings of libjpeg. Bytes between the end of the pixels and the end of the image are padding
   * of some cameras and harm nothing.
   */
  static boolean meansDamagedPixels(String warning) {
    String lowerCase = warning.toLowerCase(Locale.ROOT);
    boolean padding = lowerCase.contains("extraneous bytes before marker 0xd9");
    return (lowerCase.contains("corrupt") && !padding)
        || lowerCase.contains("premature end")
        || lowerCase.contains("inconsistent progression")
        || lowerCase.contains("truncated")
        || lowerCase.contains("end of file");
  }

  private static ImageReaderSpi find(String format) {
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (providers.hasNext()) {
      ImageReaderSpi provider = providers.next();
      if (provider.getClass().getName().startsWith("com.sun.imageio.")
          && Arrays.asList(provider.getFormatNames()).contains(format)) {
        return provider;
      }
    }
    throw new IllegalStateException(
        "Cannot decode images: the JDK has no " + format + " reader. Use one that has.");
  }
}
