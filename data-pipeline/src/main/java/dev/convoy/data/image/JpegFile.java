package dev.convoy.data.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JPEG. Its components are read as stored, and made into colours by {@link JpegColours}.
 *
 * <p>Of the segments before the first scan only those are kept that the components depend on: the
 * reader sees no colour profile, which it would convert by, and no metadata, which it would
 * believe.
 */
final class JpegFile implements ImageFile {
  private static final int START_OF_IMAGE_BYTES = 2;
  private static final int HUFFMAN_TABLES = 0xc4;
  private static final int RESTART_INTERVAL = 0xdd;
  private static final int QUANTISATION_TABLES = 0xdb;
  private static final int APP_0 = 0xe0;
  private static final int APP_1 = 0xe1;
  private static final int APP_14 = 0xee;
  private static final int APP_15 = 0xef;
  private static final int COMMENT = 0xfe;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.US_ASCII);
  private static final int ADOBE_TRANSFORM_AT = 11;

  /** The last of the frames that all JDKs decode: baseline, extended and progressive. */
  private static final int PROGRESSIVE = 0xc2;

  /** The most samples of a component in a block of pixels, across or down. */
  private static final int MOST_SAMPLES = 4;

  private static final int BLOCK_SIDE = 8;
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWEST_BITS = 0x0101010101010101L;
  private static final long HIGHEST_BITS = 0x8080808080808080L;

  /** The rows of chroma that a row depends on lie in its own units and in the next. */
  private static final int ROWS_BELOW = 2 * BLOCK_SIDE;

  /** A progressive picture of three components has about ten; each goes through all pixels. */
  private static final int MAX_SCANS = 100;

  /** What tables and header take of most pictures. */
  private static final int USUAL_HEAD_BYTES = 1024;

  private final byte[] file;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(USUAL_HEAD_BYTES);
  private final JpegColours.Markers markers = new JpegColours.Markers();
  private final JpegTables tables;
  private Orientation orientation = Orientation.UPRIGHT;
  private int height;
  private int width;

  /** Where the height is among what is {@link #kept}. */
  private int heightAt;

  private int firstScan;
  private int scans;

  /** Of the first scan. */
  private int componentsAtOnce;

  private boolean progressive;
  private boolean restarts;
  private boolean usuallySampled;
  private long coefficients;
  private final JpegColours colours;

  /** Reads everything before the first scan. */
  JpegFile(byte[] file) throws UnreadableImageException {
    this.file = file;
    tables = new JpegTables(file);
    readSegments();
    if (markers.componentIds == null) {
      throw broken("no header before the first scan");
    }
    requireFewScans();
    colours = JpegColours.of(markers);
  }

  private void readSegments() throws UnreadableImageException {
    JpegSegments segments = new JpegSegments(file, START_OF_IMAGE_BYTES, file.length);
    kept.write(file, 0, START_OF_IMAGE_BYTES);
    while (firstScan == 0) {
      segments.next();
      if (segments.marker() == JpegSegments.START_OF_SCAN) {
        firstScan = segments.at();
        componentsAtOnce = segments.start() < segments.end() ? unsigned(segments.start()) : 0;
        tables.readScan(segments.start(), segments.end());
      } else {
        readSegment(segments.marker(), segments.at(), segments.end());
      }
    }
  }

  private void readSegment(int marker, int at, int end) throws UnreadableImageException {
    int start = at + 4;
    boolean metadata = (marker >= APP_0 && marker <= APP_15) || marker == COMMENT;
    int keptAt = kept.size();
    if (!metadata) {
      kept.write(file, at, end - at);
    }
    if (marker == QUANTISATION_TABLES) {
      tables.readQuantisation(start, end);
    } else if (marker == HUFFMAN_TABLES) {
      tables.readHuffman(start, end);
    } else if (marker == RESTART_INTERVAL) {
      restarts = true;
    } else if (JpegSegments.isStartOfFrame(marker) && markers.componentIds == null) {
      readFrame(marker, start, end);
      heightAt = keptAt + start + 1 - at;
    } else if (marker == APP_0 && startsWith(start, end, JFIF)) {
      markers.jfif = true;
    } else if (marker == APP_14
        && startsWith(start, end, ADOBE)
        && end - start > ADOBE_TRANSFORM_AT) {
      markers.adobeTransform = unsigned(start + ADOBE_TRANSFORM_AT);
    } else if (marker == APP_1 && startsWith(start, end, EXIF)) {
      int tiff = start + EXIF.length;
      orientation = Exif.orientation(ByteBuffer.wrap(file, tiff, end - tiff));
    }
  }

  private void readFrame(int marker, int start, int end) throws UnreadableImageException {
    if (marker > PROGRESSIVE) {
      throw broken(
          "lossless, hierarchical or arithmetic coding (frame "
              + Integer.toHexString(marker)
              + "), which is not decoded");
    }
    int components = end - start < 6 ? 0 : unsigned(start + 5);
    if (end - start < 6 + 3 * components) {
      throw broken("a frame header that is too short");
    }
    height = unsigned(start + 1) << 8 | unsigned(start + 2);
    width = unsigned(start + 3) << 8 | unsigned(start + 4);
    progressive = marker == PROGRESSIVE;
    markers.componentIds = new int[components];
    int[] samples = new int[components];
    for (int component = 0; component < components; component++) {
      markers.componentIds[component] = unsigned(start + 6 + 3 * component);
      samples[component] = unsigned(start + 7 + 3 * component);
      tables.needQuantisation(unsigned(start + 8 + 3 * component));
    }
    coefficients = coefficients(samples);
    usuallySampled = isUsual(samples);
  }

  /** Grey, or chroma at full size, half the width, or half the width and height. */
  private static boolean isUsual(int[] samples) {
    return samples.length == 1
        ? samples[0] == 0x11
        : samples.length == 3
            && (samples[0] == 0x11 || samples[0] == 0x21 || samples[0] == 0x22)
            && samples[1] == 0x11
            && samples[2] == 0x11;
  }

  /**
   * How many coefficients the picture has, one for each sample.
   *
   * @param samples of each component: how many lie side by side in a unit of the picture, and, in
   *     the lower half of the byte, below each other
   */
  private long coefficients(int[] samples) {
    int across = Arrays.stream(samples).map(each -> allowed(each >> 4)).max().orElse(1);
    int down = Arrays.stream(samples).map(each -> allowed(each & 15)).max().orElse(1);
    long units = (long) units(width, BLOCK_SIDE * across) * units(height, BLOCK_SIDE * down);
    long blocks = Arrays.stream(samples).map(each -> allowed(each >> 4) * allowed(each & 15)).sum();
    return units * blocks * BLOCK_SIDE * BLOCK_SIDE;
  }

  private static int units(int extent, int side) {
    return (extent + side - 1) / side;
  }

  /** What the header says, as far as a reader goes along. */
  private static int allowed(int samples) {
    return Math.max(1, Math.min(MOST_SAMPLES, samples));
  }

  /**
   * Counts the scans up to the end of the picture, behind which a file may hold anything. In the
   * data of a scan nothing looks like the start of a segment; in a segment anything may.
   */
  private void requireFewScans() throws UnreadableImageException {
    int at = firstScan;
    while (at + 1 < file.length && unsigned(at + 1) != JpegSegments.END_OF_IMAGE) {
      if (unsigned(at + 1) == JpegSegments.START_OF_SCAN && ++scans > MAX_SCANS) {
        throw broken("more than " + MAX_SCANS + " scans");
      }
      at = nextMark(endOfMarker(at));
    }
  }

  /** Where a marker and what belongs to it end, as far as the file goes. */
  private int endOfMarker(int at) {
    if (!JpegSegments.isSegment(unsigned(at + 1)) || at + 4 > file.length) {
      return at + 1;
    }
    int length = unsigned(at + 2) << 8 | unsigned(at + 3);
    return (int) Math.min(file.length, at + 2L + Math.max(2, length));
  }

  /** Where the next byte of only ones is, which a marker begins with; else the end. */
  private int nextMark(int from) {
    int at = from;
    while (at + Long.BYTES <= file.length && !hasMark((long) EIGHT_BYTES.get(file, at))) {
      at += Long.BYTES;
    }
    while (at < file.length && file[at] != (byte) 0xff) {
      at++;
    }
    return at;
  }

  /** The lowest zero among the inverted bytes borrows from its highest bit. */
  private static boolean hasMark(long bytes) {
    return (~bytes - LOWEST_BITS & bytes & HIGHEST_BITS) != 0;
  }

  @Override
  public ImageHeader header() {
    return new ImageHeader(height, width, colours.channels(), orientation);
  }

  @Override
  public long bytes(int rows) {
    // What comes before the first scan is copied twice.
    return 2L * firstScan + (long) rows * TurboJpeg.pitch(width * colours.components());
  }

  /**
   * Coefficients are kept until the last scan, since each adds to them; and where the first does
   * not hold all components, though there be no other.
   */
  @Override
  public long nativeBytes() {
    if (isForTurbo()) {
      return file.length + (long) height * TurboJpeg.pitch(width * colours.channels());
    }
    boolean inParts = scans > 1 || componentsAtOnce < markers.componentIds.length;
    return progressive || inParts ? Short.BYTES * coefficients : 0;
  }

  @Override
  public void read(int rowsAtOnce, Rows rows) throws IOException, UnreadableImageException {
    readPart(new CropBox(0, 0, height, width), rowsAtOnce, rows);
  }

  @Override
  public void readPart(CropBox part, int rowsAtOnce, Rows rows)
      throws IOException, UnreadableImageException {
    boolean read =
        isForTurbo() && rowsAtOnce >= part.height() && readByTurbo(part, TurboJpeg.canCut(), rows);
    if (!read) {
      readByJdk(part, rowsAtOnce, rows);
    }
  }

  /**
   * Reads a part by libjpeg-turbo.
   *
   * @param canCut whether it may be told that the picture ends below the part; not where the file
   *     has marks to restart from, of which one may look like the end
   * @return false, and no row, if the file is for the JDK's reader
   */
  boolean readByTurbo(CropBox part, boolean canCut, Rows rows) {
    byte[] head = kept.toByteArray();
    int end = part.top() + part.height() + ROWS_BELOW;
    boolean cut = canCut && end < height && !restarts;
    if (cut) {
      head[heightAt] = (byte) (end >> 8);
      head[heightAt + 1] = (byte) end;
    }
    ImageHeader decoded =
        new ImageHeader(cut ? end : height, width, colours.channels(), Orientation.UPRIGHT);
    return TurboJpeg.read(head, file, firstScan, decoded, cut, part, rows);
  }

  /** Whether every version of libjpeg comes to the same bits and colours. */
  boolean isForTurbo() {
    return scans == 1
        && !progressive
        && usuallySampled
        && tables.areComplete()
        && colours.areSeenWithoutMarkers(markers)
        && TurboJpeg.takes(file.length, height, width * colours.channels());
  }

  /** Reads a part of the picture by the JDK's reader, which judges files, too. */
  void readByJdk(CropBox part, int rowsAtOnce, Rows rows)
      throws IOException, UnreadableImageException {
    byte[] head = kept.toByteArray();
    byte[][] row = new byte[colours.channels()][part.width()];
    boolean hasTables = scans == 1 && tables.areComplete();
    int rowBytes = part.width() * colours.components();
    int end = part.top() + part.height();
    for (int top = part.top(); top < end; top += rowsAtOnce) {
      CropBox strip = new CropBox(top, part.left(), Math.min(rowsAtOnce, end - top), part.width());
      byte[] stored = JpegReader.read(head, file, firstScan, header(), hasTables, strip);
      for (int from = 0; from < stored.length; from += rowBytes) {
        colours.convert(stored, from, part.width(), row);
        rows.accept(row);
      }
    }
  }

  private int unsigned(int at) {
    return file[at] & 0xff;
  }

  private boolean startsWith(int start, int end, byte[] text) {
    return end - start >= text.length
        && Arrays.equals(file, start, start + text.length, text, 0, text.length);
  }

  private static UnreadableImageException broken(String what) {
    return UnreadableImageException.broken(ImageFormat.JPEG, what);
  }
}
