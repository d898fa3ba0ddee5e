package dev.convoy.data.image;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import dev.convoy.data.ImageShape;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libjpeg-turbo, where a machine has it: decodes in less time than the JDK's reader, which calls
 * into Java for every row. It is taken only where both come to the same bits, which three small
 * pictures show once: JDKs that bring a libjpeg of their own round chroma in another way. Whatever
 * it does not decode without a warning is the JDK's to judge. To be used by one thread.
 *
 * <p>Its TurboJPEG interface, version 1.2 to 3, as <a
 * href="https://libjpeg-turbo.org/Documentation/Documentation">documented</a>.
 */
final class TurboJpeg {
  /** The library, as Linux finds it. */
  static final String LIBRARY = "libturbojpeg.so.0";

  /** {@code -Dconvoy.turbojpeg=false} leaves all pictures to the JDK. */
  private static final String PROPERTY = "convoy.turbojpeg";

  /**
   * Most that a picture takes, since this much stays with each decoder: larger ones are rarely read
   * as a whole, and the JDK's reader begins and ends where it is told.
   */
  private static final long MOST_BYTES = 8 << 20;

  /**
   * Rows that lie where the widest vector registers do are stored past the caches, and fetched from
   * memory when they are read: half as slow again for small pictures.
   */
  private static final int ALIGNED = 32;

  private static final int BESIDE = 8;

  private static final int RGB = 0;
  private static final int GREY = 6;

  /** Neither fewer bits in the transform nor simpler upsampling. */
  private static final int ACCURATE = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(TurboJpeg.class);
  private static final Queue<TurboJpeg> IDLE = new ConcurrentLinkedQueue<>();

  /** Noise of 37 x 21 pixels, with chroma as it may be stored. */
  private static final List<String> SAMPLES =
      List.of("chroma-full-size.jpg", "chroma-half-width.jpg", "chroma-half-size.jpg");

  private static final boolean USED = load() && agreesWithTheJdk();

  private final long decompressor;
  private Memory file = new Memory(1 << 16);
  private Memory pixels = new Memory(1 << 16);

  private TurboJpeg(long decompressor) {
    this.decompressor = decompressor;
  }

  /** Whether it is used at all. */
  static boolean isUsed() {
    return USED;
  }

  /** Whether it takes a picture: no very large one, and none that would be mostly padding. */
  static boolean takes(int fileBytes, int height, int rowBytes) {
    return USED
        && fileBytes <= MOST_BYTES
        && (long) height * pitch(rowBytes) <= MOST_BYTES
        && rowBytes >= ALIGNED;
  }

  /** How many bytes lie between a row and the next where a row has so many. */
  static int pitch(int rowBytes) {
    return (rowBytes + ALIGNED - 1) / ALIGNED * ALIGNED;
  }

  /**
   * Decodes a picture of one scan, whose luma and chroma become colours.
   *
   * @param head what the file begins with
   * @param file holds the rest
   * @param from where that begins
   * @param header what the file says of its size
   * @param part what is wanted of it
   * @return whether {@code rows} has taken all rows of the part; none of them if there is anything
   *     to say about the file
   */
  static boolean read(
      byte[] head, byte[] file, int from, ImageHeader header, CropBox part, Rows rows) {
    TurboJpeg known = IDLE.poll();
    TurboJpeg decoder = known == null ? new TurboJpeg(tjInitDecompress()) : known;
    try {
      if (decoder.decompressor == 0 || !decoder.decode(head, file, from, header)) {
        return false;
      }
      decoder.pass(header, part, rows);
      return true;
    } finally {
      IDLE.add(decoder);
    }
  }

  /** Never writes more than was asked for, whatever the file says of its size. */
  private boolean decode(byte[] head, byte[] rest, int from, ImageHeader header) {
    int bytes = head.length + rest.length - from;
    file = atLeast(bytes, file);
    file.write(0, head, 0, head.length);
    file.write(head.length, rest, from, rest.length - from);
    pixels = atLeast(ALIGNED + (long) header.height() * pitch(header), pixels);
    return tjDecompress2(
            decompressor,
            Pointer.nativeValue(file),
            bytes,
            Pointer.nativeValue(pixels) + start(),
            header.width(),
            pitch(header),
            header.height(),
            header.channels() == 1 ? GREY : RGB,
            ACCURATE)
        == 0;
  }

  private static int pitch(ImageHeader header) {
    return pitch(header.width() * header.channels());
  }

  /** Where pixels begin: all rows lie alike, and none where a vector register does. */
  private long start() {
    return Math.floorMod(BESIDE - Pointer.nativeValue(pixels), ALIGNED);
  }

  private void pass(ImageHeader header, CropBox part, Rows rows) {
    JpegColours finished = header.channels() == 1 ? JpegColours.GREY : JpegColours.RGB;
    int pitch = pitch(header);
    byte[] values = pixels.getByteArray(start() + (long) part.top() * pitch, part.height() * pitch);
    byte[][] row = new byte[header.channels()][part.width()];
    for (int y = 0; y < part.height(); y++) {
      finished.convert(values, y * pitch + part.left() * header.channels(), part.width(), row);
      rows.accept(row);
    }
  }

  private static Memory atLeast(long bytes, Memory known) {
    if (known.size() >= bytes) {
      return known;
    }
    Memory larger = new Memory(Math.max(bytes, Math.min(2 * bytes, MOST_BYTES)));
    known.close();
    return larger;
  }

  private static boolean load() {
    if (!Boolean.parseBoolean(System.getProperty(PROPERTY, "true"))
        || !Platform.is64Bit()
        || !(Platform.isLinux() || Platform.isMac())) {
      return false;
    }
    try {
      String name = Platform.isMac() ? "turbojpeg" : LIBRARY;
      Native.register(TurboJpeg.class, NativeLibrary.getInstance(name));
      return true;
    } catch (LinkageError e) {
      LOG.debug("libjpeg-turbo is not there", e);
      return false;
    }
  }

  private static boolean agreesWithTheJdk() {
    try {
      for (String name : SAMPLES) {
        byte[] sample;
        try (InputStream in = TurboJpeg.class.getResourceAsStream(name)) {
          sample = in.readAllBytes();
        }
        if (!isDecodedAlike(new JpegFile(sample))) {
          LOG.debug("libjpeg-turbo and the JDK decode {} differently", name);
          return false;
        }
      }
      return true;
    } catch (IOException | UnreadableImageException e) {
      throw new IllegalStateException(
          "Cannot decode the pictures that JPEG readers are tried with", e);
    }
  }

  private static boolean isDecodedAlike(JpegFile sample)
      throws IOException, UnreadableImageException {
    ImageHeader header = sample.header();
    ImageShape shape = new ImageShape(header.height(), header.width(), header.channels());
    CropBox all = new CropBox(0, 0, shape.height(), shape.width());
    CopiedRows turbo = new CopiedRows(shape);
    CopiedRows jdk = new CopiedRows(shape);
    if (!sample.readByTurbo(all, turbo)) {
      return false;
    }
    sample.readByJdk(all, shape.height(), jdk);
    return Arrays.equals(turbo.finish().pixels(), jdk.finish().pixels());
  }

  private static native long tjInitDecompress();

  private static native int tjDecompress2(
      long decompressor,
      long file,
      long fileBytes,
      long pixels,
      int width,
      int pitch,
      int height,
      int pixelFormat,
      int flags);
}
