package dev.convoy.data.image;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.source.DecodeLimits;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * From the bytes of an image file to a picture in the shape in which the run keeps it. The format
 * is told by the content, not by a name.
 *
 * <p>One rule for all formats, which is what Pillow's {@code convert("RGB")} does: values are taken
 * as stored. Colour profiles and gamma are not applied, alpha is dropped, inks for print become
 * colours by a formula. Of 16 bits the upper 8 count, of several frames the first. EXIF orientation
 * is applied. Data that are damaged or end too early are refused wherever a format lets that be
 * noticed.
 *
 * <p>Thread-safe.
 */
public final class ImageDecoder {
  /** Longest side; of the formats, two cannot have more, and panoramas have less. */
  private static final int MAX_SIDE = 65_535;

  /** Most times that a picture is gone through so that only a part of it is in memory. */
  private static final int MAX_STRIPS = 8;

  private final StoredShape store;
  private final DecodeLimits limits;

  /** A decoder to the shapes of {@code store} that refuses what passes {@code limits}. */
  public ImageDecoder(StoredShape store, DecodeLimits limits) {
    this.store = store;
    this.limits = limits;
  }

  /** What decodes most JPEGs on this machine, and why not libjpeg-turbo; the result is the same. */
  public static String jpegLibrary() {
    return TurboJpeg.isUsed()
        ? "decoded by libjpeg-turbo"
        : "decoded by the JDK's reader; " + TurboJpeg.whyNotUsed();
  }

  /**
   * Decodes one file, with as much memory as that takes; the result is new.
   *
   * @throws UnreadableImageException when the bytes are no complete image within the limits;
   *     whatever the bytes are, no other exception
   */
  public Picture decode(byte[] file) throws UnreadableImageException {
    return open(file, Long.MAX_VALUE).decode();
  }

  /**
   * Reads the header of a file and plans how to decode it.
   *
   * @param file not changed, and needed until the image is decoded
   * @param memoryBytes the heap that decoding may take; the plan keeps to it if that is possible,
   *     and the decoded image does not depend on it
   * @throws UnreadableImageException when the header breaks the format's rules or passes the limits
   */
  public Opened open(byte[] file, long memoryBytes) throws UnreadableImageException {
    if (file.length == 0) {
      throw new UnreadableImageException("the file is empty");
    }
    if (file.length > limits.maxFileBytes()) {
      throw new UnreadableImageException(
          "the file has "
              + file.length
              + " bytes, more than data.max-file-megabytes allows, "
              + limits.maxFileBytes());
    }
    ImageFormat format = decodedFormat(file);
    try {
      ImageFile image =
          switch (format) {
            case JPEG -> new JpegFile(file);
            case PNG -> new PngFile(file);
            case BMP -> new BmpFile(file);
            case GIF -> new GifFile(file);
            case WEBP -> new WebpFile(file);
            case TIFF -> new TiffFile(file);
            default -> throw new IllegalStateException("Cannot decode " + format.title() + ".");
          };
      requireAllowed(image.header());
      return new Opened(file.length, format, image, memoryBytes);
    } catch (DataException e) {
      throw e; // nothing that the file could help
    } catch (RuntimeException e) {
      throw broken(format, e);
    }
  }

  private static ImageFormat decodedFormat(byte[] file) throws UnreadableImageException {
    ImageFormat format = ImageFormat.ofContent(file).orElseThrow(() -> notDecoded(""));
    if (!format.isDecoded()) {
      throw notDecoded(" but " + format.title());
    }
    return format;
  }

  private static UnreadableImageException notDecoded(String found) {
    return new UnreadableImageException("not a " + ImageFormat.decodedTitles() + " image" + found);
  }

  private void requireAllowed(ImageHeader header) throws UnreadableImageException {
    int height = header.height();
    int width = header.width();
    if (width < 1 || height < 1) {
      throw new UnreadableImageException("the image has no pixels");
    }
    if ((long) width * height > limits.maxPixels()) {
      throw new UnreadableImageException(
          width
              + "x"
              + height
              + " pixels, more than data.max-image-megapixels allows, "
              + limits.maxPixels());
    }
    if (Math.max(width, height) > MAX_SIDE) {
      throw new UnreadableImageException(
          width + "x" + height + " pixels, more than " + MAX_SIDE + " to a side");
    }
  }

  /** The first line of what a library says; what it did not foresee is not worth telling. */
  private static UnreadableImageException broken(ImageFormat format, Exception e) {
    String message = e instanceof IOException && e.getMessage() != null ? e.getMessage() : "";
    String reason =
        message.isBlank()
            ? "values that contradict each other"
            : message.lines().findFirst().orElse("").strip();
    return new UnreadableImageException("broken " + format.title() + " data: " + reason, e);
  }

  /** Reads an image, or a part of it. */
  private interface Reading {
    void into(Rows rows) throws IOException, UnreadableImageException;
  }

  /** An image whose header was read and whose decoding is planned. */
  public final class Opened {
    private final ImageFormat format;
    private final ImageFile image;
    private final ImageShape target;
    private final int rowsAtOnce;
    private final long bytes;

    private Opened(int fileBytes, ImageFormat format, ImageFile image, long memoryBytes) {
      this.format = format;
      this.image = image;
      ImageHeader header = image.header();
      boolean transposed = header.orientation().transposed();
      this.target =
          transposed
              ? store.of(header.width(), header.height())
              : store.of(header.height(), header.width());
      long fixed = fileBytes + Resampling.bytes(header.height(), header.width(), target);
      // An array cannot be larger either, on whatever machine.
      long most = Math.min(memoryBytes, Integer.MAX_VALUE);
      int strips = 1;
      while (strips < MAX_STRIPS && fixed + image.bytes(rows(strips)) > most) {
        strips++;
      }
      rowsAtOnce = rows(strips);
      bytes = fixed + image.bytes(rowsAtOnce);
    }

    private int rows(int strips) {
      return (image.header().height() + strips - 1) / strips;
    }

    /** The heap that decoding takes, in bytes, the file and the result included. */
    public long bytes() {
      return bytes;
    }

    /**
     * What is to be reserved while the image is decoded, in bytes: the heap, and the native memory
     * that a library takes. Unlike the heap, that need not fit into what decoding may take.
     */
    public long reservedBytes() {
      return bytes + image.nativeBytes();
    }

    /** Whether the file holds more pictures, which do not count: it is animated, or has pages. */
    public boolean holdsMore() {
      return image.holdsMore();
    }

    /** Width and height for messages: {@code 7952x5304 pixels}. */
    public String size() {
      return image.header().width() + "x" + image.header().height() + " pixels";
    }

    /** Rows of the picture itself, upright, before it is resized. */
    public int ownHeight() {
      ImageHeader header = image.header();
      return header.orientation().transposed() ? header.width() : header.height();
    }

    /** Columns of the picture itself, upright, before it is resized. */
    public int ownWidth() {
      ImageHeader header = image.header();
      return header.orientation().transposed() ? header.height() : header.width();
    }

    /**
     * Decodes the image; the result is new.
     *
     * @throws UnreadableImageException when the data are damaged or end too early; whatever the
     *     bytes are, no other exception
     */
    public Picture decode() throws UnreadableImageException {
      ImageHeader header = image.header();
      if (isStoredAlike()) {
        CopiedRows pixels = new CopiedRows(target);
        return decode(rows -> image.read(rowsAtOnce, rows), pixels, pixels::finish);
      }
      Resampling.Image pixels =
          new Resampling(
                  header.height(), header.width(), header.channels(), header.orientation(), target)
              .begin();
      return decode(rows -> image.read(rowsAtOnce, rows), pixels, pixels::finish);
    }

    /**
     * Decodes a part of the image where its pixels are those of the file, otherwise all of it; what
     * is damaged elsewhere need not be noticed.
     *
     * @param box of the decoded image
     * @return valid until the calling thread decodes a part of any image
     * @throws UnreadableImageException as {@link #decode()} does
     */
    public PicturePart decode(CropBox box) throws UnreadableImageException {
      if (!isStoredAlike()) {
        return PicturePart.whole(decode());
      }
      ImageShape part = new ImageShape(box.height(), box.width(), target.channels());
      CopiedRows rows = new CopiedRows(part, PartMemory.atLeast(part.size()));
      return decode(
          into -> image.readPart(box, rowsAtOnce, into),
          rows,
          () -> rows.part(box.top(), box.left(), target));
    }

    private boolean isStoredAlike() {
      ImageHeader header = image.header();
      return header.orientation().equals(Orientation.UPRIGHT)
          && target.height() == header.height()
          && target.width() == header.width()
          && target.channels() == header.channels();
    }

    private <T> T decode(Reading reading, Rows rows, Supplier<T> result)
        throws UnreadableImageException {
      try {
        reading.into(rows);
        return result.get();
      } catch (DataException e) {
        throw e; // nothing that the file could help
      } catch (IOException | RuntimeException e) {
        throw broken(format, e);
      }
    }
  }
}
