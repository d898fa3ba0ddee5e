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
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
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
  private static final String LIBRARY = Platform.isMac() ? "turbojpeg" : "libturbojpeg.so.0";

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

  /** So many bytes of rows stay in the processor's nearest cache until they are taken. */
  private static final int COPIED_BYTES = 1 << 14;

  private static final int RGB = 0;
  private static final int GREY = 6;

  /** Neither fewer bits in the transform nor simpler upsampling. */
  private static final int ACCURATE = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(TurboJpeg.class);
  private static final Queue<TurboJpeg> IDLE = new ConcurrentLinkedQueue<>();

  /** Noise of 37 x 53 pixels, with chroma as it may be stored. */
  private static final List<String> SAMPLES =
      List.of("chroma-full-size.jpg", "chroma-half-width.jpg", "chroma-half-size.jpg");

  /** What it says if it meets more data than the header tells of, and then the end of the file. */
  private static final Pattern MORE_FOLLOWS =
      Pattern.compile("Corrupt JPEG data: \\d+ extraneous bytes before marker 0xd9");

  /** Why it is not used; empty where it is. */
  private static final String OBSTACLE = obstacle();

  private static final boolean USED = OBSTACLE.isEmpty();

  private static final boolean CAN_CUT =
      USED
          && missing(Messages.class).isEmpty()
          && SAMPLES.stream().allMatch(name -> isDecodedAlike(name, true))
          && Messages.areOfAThread();

  private final long decompressor;
  private Memory file = new Memory(1 << 16);
  private Memory pixels = new Memory(1 << 16);

  /** What versions before 2 do not have, and before 2.0.5 have for all threads together. */
  private static final class Messages {
    private Messages() {}

    private static native String tjGetErrorStr2(long decompressor);

    /** Whether a new thread does not see the message that this one was just given. */
    private static boolean areOfAThread() {
      String own = tjGetErrorStr2(0);
      AtomicReference<String> seen = new AtomicReference<>(own);
      Thread other = new Thread(() -> seen.set(tjGetErrorStr2(0)));
      other.start();
      try {
        other.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return !seen.get().equals(own);
    }
  }

  private TurboJpeg(long decompressor) {
    this.decompressor = decompressor;
  }

  /** Whether it is used at all. */
  static boolean isUsed() {
    return USED;
  }

  /** Why it is not used, in words; empty where it is. */
  static String whyNotUsed() {
    return OBSTACLE;
  }

  private static String obstacle() {
    if (!Boolean.parseBoolean(System.getProperty(PROPERTY, "true"))) {
      return "-D" + PROPERTY + "=false turns libjpeg-turbo off";
    }
    if (!Platform.is64Bit() || !(Platform.isLinux() || Platform.isMac())) {
      return "libjpeg-turbo is not looked for on this system";
    }
    String missing = missing(TurboJpeg.class);
    if (!missing.isEmpty()) {
      return missing;
    }
    return SAMPLES.stream().allMatch(name -> isDecodedAlike(name, false))
        ? ""
        : LIBRARY + " does not decode as this JDK does";
  }

  /** Whether it takes a picture: no very large one, and none that would be mostly padding. */
  static boolean takes(int fileBytes, int height, int rowBytes) {
    return USED
        && fileBytes <= MOST_BYTES
        && (long) height * pitch(rowBytes) <= MOST_BYTES
        && rowBytes >= ALIGNED;
  }

  /** Whether a picture may be decoded as if it ended earlier. */
  static boolean canCut() {
    return CAN_CUT;
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
   * @param header what {@code head} says of its size
   * @param cut whether the file holds rows below, which are not decoded
   * @param part what is wanted of it
   * @return whether {@code rows} has taken all rows of the part; none of them if there is anything
   *     to say about the file, but for the rows that it is cut off from
   */
  static boolean read(
      byte[] head,
      byte[] file,
      int from,
      ImageHeader header,
      boolean cut,
      CropBox part,
      Rows rows) {
    TurboJpeg known = IDLE.poll();
    TurboJpeg decoder = known == null ? new TurboJpeg(tjInitDecompress()) : known;
    try {
      if (decoder.decompressor == 0 || !decoder.decode(head, file, from, header, cut)) {
        return false;
      }
      decoder.pass(header, part, rows);
      return true;
    } finally {
      IDLE.add(decoder);
    }
  }

  /** Never writes more than was asked for, whatever the file says of its size. */
  private boolean decode(byte[] head, byte[] rest, int from, ImageHeader header, boolean cut) {
    int bytes = head.length + rest.length - from;
    file = atLeast(bytes, file);
    file.write(0, head, 0, head.length);
    file.write(head.length, rest, from, rest.length - from);
    pixels = atLeast(ALIGNED + (long) header.height() * pitch(header), pixels);
    int status =
        tjDecompress2(
            decompressor,
            Pointer.nativeValue(file),
            bytes,
            Pointer.nativeValue(pixels) + start(),
            header.width(),
            pitch(header),
            header.height(),
            header.channels() == 1 ? GREY : RGB,
            ACCURATE);
    return status == 0 || (cut && saysOnlyThatMoreFollows());
  }

  /** Of several warnings it tells the first, and this one comes after the last row. */
  private boolean saysOnlyThatMoreFollows() {
    return MORE_FOLLOWS.matcher(Messages.tjGetErrorStr2(decompressor)).matches();
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
    int atOnce = Math.max(1, COPIED_BYTES / pitch);
    byte[] values = new byte[Math.min(atOnce, part.height()) * pitch];
    byte[][] row = new byte[header.channels()][part.width()];
    for (int y = 0; y < part.height(); y++) {
      int copied = y % atOnce;
      if (copied == 0) {
        int bytes = Math.min(atOnce, part.height() - y) * pitch;
        pixels.read(start() + (long) (part.top() + y) * pitch, values, 0, bytes);
      }
      finished.convert(values, copied * pitch + part.left() * header.channels(), part.width(), row);
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

  /** Binds the native methods of a class; says what the machine lacks for that, if anything. */
  private static String missing(Class<?> methods) {
    NativeLibrary library;
    try {
      library = NativeLibrary.getInstance(LIBRARY);
    } catch (LinkageError e) {
      LOG.debug("{} cannot be loaded", LIBRARY, e);
      return LIBRARY + ", which is faster, cannot be loaded";
    }
    try {
      Native.register(methods, library);
      return "";
    } catch (LinkageError e) {
      LOG.debug("{} lacks what {} needs", LIBRARY, methods.getSimpleName(), e);
      return LIBRARY + " is too old";
    }
  }

  /** Whether the library and the JDK come to the same bits of a sample, or of its first row. */
  private static boolean isDecodedAlike(String name, boolean cut) {
    try (InputStream in = TurboJpeg.class.getResourceAsStream(name)) {
      JpegFile sample = new JpegFile(in.readAllBytes());
      ImageHeader header = sample.header();
      CropBox box = new CropBox(0, 0, cut ? 1 : header.height(), header.width());
      ImageShape shape = new ImageShape(box.height(), box.width(), header.channels());
      CopiedRows turbo = new CopiedRows(shape);
      CopiedRows jdk = new CopiedRows(shape);
      boolean isDecoded = sample.readByTurbo(box, cut, turbo);
      sample.readByJdk(box, box.height(), jdk);
      boolean isAlike = isDecoded && Arrays.equals(turbo.finish().pixels(), jdk.finish().pixels());
      if (!isAlike) {
        LOG.debug("libjpeg-turbo and the JDK decode {} differently", name);
      }
      return isAlike;
    } catch (IOException | UnreadableImageException e) {
      throw new IllegalStateException(
          "Cannot decode the pictures that JPEG readers are tried with", e);
    }
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
