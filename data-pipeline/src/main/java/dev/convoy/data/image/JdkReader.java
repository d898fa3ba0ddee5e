package dev.convoy.data.image;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The JDK's own reader of a format, whatever others are on the class path. Found when the first
 * picture is decoded. Thread-safe.
 */
final class JdkReader {
  /** Starts anew for every picture. */
  static final JdkReader JPEG = new JdkReader("JPEG", false);

  /**
   * Goes from picture to picture, which saves half the time of small ones. It may still know the
   * tables of the picture before, so it is for those that have tables of their own.
   */
  static final JdkReader REUSED_JPEG = new JdkReader("JPEG", true);

  static final JdkReader BMP = new JdkReader("BMP", false);
  static final JdkReader TIFF = new JdkReader("TIFF", false);

  private final ImageReaderSpi provider;
  private final boolean reused;
  private final Queue<ImageReader> idle = new ConcurrentLinkedQueue<>();

  private JdkReader(String format, boolean reused) {
    this.provider = find(format);
    this.reused = reused;
  }

  /** Reads the part of a picture. */
  interface Reading<T> {
    T read(ImageReader reader, ImageReadParam part) throws IOException;
  }

  /** Converts a row of what a reader has read. */
  interface RowConversion {
    void convert(BufferedImage strip, int y, byte[][] row);
  }

  /**
   * Reads a whole picture, some rows at once.
   *
   * @throws UnreadableImageException as {@link #readPart} does
   */
  void read(byte[] file, ImageHeader header, int rowsAtOnce, RowConversion conversion, Rows rows)
      throws IOException, UnreadableImageException {
    byte[][] row = new byte[header.channels()][header.width()];
    for (int top = 0; top < header.height(); top += rowsAtOnce) {
      BufferedImage strip =
          readPart(
              file,
              header,
              new CropBox(top, 0, Math.min(rowsAtOnce, header.height() - top), header.width()),
              (reader, part) -> reader.read(0, part));
      for (int y = 0; y < strip.getHeight(); y++) {
        conversion.convert(strip, y, row);
        rows.accept(row);
      }
    }
  }

  /**
   * Reads a part of a picture.
   *
   * @param header its own, with which the reader must agree
   * @throws UnreadableImageException when the reader has filled in what is missing or damaged, of
   *     which it merely warns
   */
  <T> T readPart(byte[] file, ImageHeader header, CropBox box, Reading<T> how)
      throws IOException, UnreadableImageException {
    ImageReader reader = idle.poll();
    if (reader == null) {
      reader = provider.createReaderInstance();
    }
    boolean unharmed = false;
    try {
      T answer = readPart(reader, file, header, box, how);
      unharmed = reused;
      return answer;
    } finally {
      if (unharmed) {
        reader.setInput(null);
        reader.removeAllIIOReadWarningListeners();
        idle.add(reader);
      } else {
        reader.dispose();
      }
    }
  }

  private <T> T readPart(
      ImageReader reader, byte[] file, ImageHeader header, CropBox box, Reading<T> how)
      throws IOException, UnreadableImageException {
    boolean[] damaged = new boolean[1];
    reader.addIIOReadWarningListener(
        (source, warning) -> damaged[0] |= meansDamagedPixels(warning));
    reader.setInput(new ByteArrayImageInputStream(file), true, true);
    if (reader.getWidth(0) != header.width() || reader.getHeight(0) != header.height()) {
      throw new UnreadableImageException(
          "broken " + provider.getFormatNames()[0] + " data: two sizes in one header");
    }
    ImageReadParam part = reader.getDefaultReadParam();
    part.setSourceRegion(new Rectangle(box.left(), box.top(), box.width(), box.height()));
    T answer = how.read(reader, part);
    if (damaged[0]) {
      throw UnreadableImageException.damaged(provider.getFormatNames()[0]);
    }
    return answer;
  }

  /**
   * Warnings of libjpeg. Bytes between the end of the pixels and the end of the image are padding
   * of some cameras and harm nothing.
   */
  private static boolean meansDamagedPixels(String warning) {
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
