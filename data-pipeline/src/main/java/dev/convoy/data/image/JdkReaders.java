package dev.convoy.data.image;

import java.awt.Rectangle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The JDK's own image readers, whatever others are on the class path. */
final class JdkReaders {
  /** Found when the first picture is decoded. */
  static final ImageReaderSpi JPEG = find("JPEG");

  static final ImageReaderSpi BMP = find("BMP");

  private JdkReaders() {}

  /** Reads from a reader that has its input. */
  private interface Question<T> {
    T ask(ImageReader reader) throws IOException, UnreadableImageException;
  }

  /**
   * Reads {@code file} with a new reader.
   *
   * @throws UnreadableImageException when the reader has filled in what is missing or damaged, of
   *     which it merely warns
   */
  private static <T> T read(ImageReaderSpi provider, byte[] file, Question<T> question)
      throws IOException, UnreadableImageException {
    ImageReader reader = provider.createReaderInstance();
    boolean[] damaged = new boolean[1];
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.addIIOReadWarningListener(
          (source, warning) -> damaged[0] |= meansDamagedPixels(warning));
      reader.setInput(in, true, true);
      T answer = question.ask(reader);
      if (damaged[0]) {
        throw UnreadableImageException.damaged(provider.getFormatNames()[0]);
      }
      return answer;
    } finally {
      reader.dispose();
    }
  }

  /** Reads the part of a picture. */
  interface Reading<T> {
    T read(ImageReader reader, ImageReadParam part) throws IOException;
  }

  /** Reads whole rows of a picture of that height and width. */
  static <T> T readRows(
      ImageReaderSpi provider, byte[] file, ImageHeader header, int top, int rows, Reading<T> how)
      throws IOException, UnreadableImageException {
    return read(
        provider,
        file,
        reader -> {
          if (reader.getWidth(0) != header.width() || reader.getHeight(0) != header.height()) {
            throw new UnreadableImageException(
                "broken " + provider.getFormatNames()[0] + " data: two sizes in one header");
          }
          ImageReadParam part = reader.getDefaultReadParam();
          part.setSourceRegion(
              new Rectangle(0, top, header.width(), Math.min(rows, header.height() - top)));
          return how.read(reader, part);
        });
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
