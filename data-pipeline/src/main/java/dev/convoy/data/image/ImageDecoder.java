package dev.convoy.data.image;

import dev.convoy.data.ImageShape;
import dev.convoy.data.source.DecodeLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * From the bytes of a JPEG, PNG, BMP or GIF file to 8-bit values in CHW order and the shape of the
 * run. The format is told by the content, not by a name. Of a GIF the first frame counts, alpha is
 * dropped, a JPEG's EXIF orientation is applied.
 *
 * <p>Thread-safe.
 */
public final class ImageDecoder {
  private final ImageShape target;
  private final DecodeLimits limits;

  /** A decoder to {@code target} that refuses what passes {@code limits}. */
  public ImageDecoder(ImageShape target, DecodeLimits limits) {
    this.target = target;
    this.limits = limits;
  }

  /**
   * Decodes one file; the result is new.
   *
   * @throws UnreadableImageException when the bytes are no complete image within the limits; never
   *     anything else, whatever the bytes are
   */
  public byte[] decode(byte[] file) throws UnreadableImageException {
    if (file.length == 0) {
      throw new UnreadableImageException("the file is empty");
    }
    if (file.length > limits.maxFileBytes()) {
      throw new UnreadableImageException(
          "the file has "
              + file.length
              + " bytes, more than the limit of "
              + limits.maxFileBytes());
    }
    ImageFormat format = decodedFormat(file);
    try {
      Planes planes = read(file, format);
      if (format == ImageFormat.JPEG) {
        planes = planes.upright(ExifOrientation.of(file));
      }
      return new Resampling(planes.height(), planes.width(), planes.channels(), target)
          .apply(planes.values());
    } catch (IOException | RuntimeException e) {
      throw new UnreadableImageException("broken " + format + " data: " + firstLine(e), e);
    } catch (OutOfMemoryError e) {
      // Readers allocate what a header asks for; the limits keep honest images far below this.
      throw new UnreadableImageException("decoding needs more memory than there is", e);
    }
  }

  private static ImageFormat decodedFormat(byte[] file) throws UnreadableImageException {
    String expected = "not a " + ImageFormat.decodedTitles() + " image";
    ImageFormat format =
        ImageFormat.ofContent(file).orElseThrow(() -> new UnreadableImageException(expected));
    if (!format.isDecoded()) {
      throw new UnreadableImageException(expected + " but " + format.title());
    }
    return format;
  }

  private Planes read(byte[] file, ImageFormat format)
      throws IOException, UnreadableImageException {
    Inks.Coding inks = format == ImageFormat.JPEG ? Inks.codingOf(file) : Inks.Coding.NONE;
    ImageReader reader = format.reader();
    List<String> warnings = new ArrayList<>();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      reader.setInput(in, true, true);
      requireAllowed(reader.getWidth(0), reader.getHeight(0));
      Planes planes = planes(reader, inks);
      if (warnings.stream().anyMatch(ImageDecoder::meansMissingData)) {
        throw new UnreadableImageException("the " + format + " data end too early or are damaged");
      }
      return planes;
    } finally {
      reader.dispose();
    }
  }

  private static Planes planes(ImageReader reader, Inks.Coding inks) throws IOException {
    return inks == Inks.Coding.NONE
        ? Planes.of(reader.read(0))
        : Inks.toColours(reader.readRaster(0, null), inks);
  }

  private void requireAllowed(int width, int height) throws UnreadableImageException {
    if (width < 1 || height < 1) {
      throw new UnreadableImageException("the image has no pixels");
    }
    if ((long) width * height > limits.maxPixels()) {
      throw new UnreadableImageException(
          width + "x" + height + " pixels, more than the limit of " + limits.maxPixels());
    }
  }

  /** Readers fill in what is missing and only warn; other warnings are about metadata. */
  private static boolean meansMissingData(String warning) {
    String lowerCase = warning.toLowerCase(Locale.ROOT);
    return lowerCase.contains("premature end")
        || lowerCase.contains("truncated")
        || lowerCase.contains("end of file")
        || lowerCase.contains("bad huffman code");
  }

  private static String firstLine(Exception e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse("").strip();
  }
}
