package dev.convoy.data.image;

/**
 * JPEG data within a TIFF: each strip or tile is a picture of its own, and all may share tables.
 * Their reader believes the headers of these pictures, not the TIFF's. Those of one scan are
 * decoded row by row; of others libjpeg keeps all coefficients, and they are refused.
 */
final class TiffJpeg {
  private static final int START_OF_IMAGE = 0xd8;
  private static final int MARKER_BYTES = 2;
  private static final int FRAME_BYTES = 6;
  private static final int SEQUENTIAL = 0xc1;
  private static final int PROGRESSIVE = 0xc2;

  private final byte[] file;
  private final int width;
  private final int height;

  /**
   * Data whose strips or tiles are of that size.
   *
   * @param file not changed
   */
  TiffJpeg(byte[] file, int width, int height) {
    this.file = file;
    this.width = width;
    this.height = height;
  }

  /**
   * Requires that no strip or tile is larger than it should be, and each has one scan.
   *
   * @param tags whose strips or tiles lie within the file
   */
  void requireWithinParts(TiffDirectory tags) throws UnreadableImageException {
    requireTablesAlone(tags.bytes(TiffDirectory.JPEG_TABLES));
    for (int part = 0; part < tags.parts(); part++) {
      int from = tags.partStart(part);
      requireWithinPart(from, from + tags.partBytes(part));
    }
  }

  /** The reader puts the tables, up to their last end, in front of each strip or tile. */
  private static void requireTablesAlone(byte[] tables) throws UnreadableImageException {
    int end = tables.length - MARKER_BYTES;
    while (end > 0 && !isMarker(tables, end, JpegSegments.END_OF_IMAGE)) {
      end--;
    }
    end = end > 0 ? end : tables.length;
    JpegSegments segments = new JpegSegments(tables, MARKER_BYTES, end);
    for (int at = MARKER_BYTES; at < end; at = segments.end()) {
      segments.next();
      if (segments.at() != at
          || segments.marker() == JpegSegments.START_OF_SCAN
          || JpegSegments.isStartOfFrame(segments.marker())) {
        throw broken("JPEG tables with other data");
      }
    }
  }

  private void requireWithinPart(int from, int to) throws UnreadableImageException {
    boolean marked = to - from >= MARKER_BYTES && isMarker(file, from, START_OF_IMAGE);
    JpegSegments segments = new JpegSegments(file, marked ? from + MARKER_BYTES : from, to);
    int components = 0;
    for (segments.next(); segments.marker() != JpegSegments.START_OF_SCAN; segments.next()) {
      if (JpegSegments.isStartOfFrame(segments.marker()) && components == 0) {
        components = components(segments);
      }
    }
    if (components == 0) {
      throw broken("JPEG data without a header before the first scan");
    }
    if (segments.end() == segments.start() || unsigned(segments.start()) < components) {
      throw severalScans();
    }
  }

  /** How many components a picture has whose header is in order. */
  private int components(JpegSegments frame) throws UnreadableImageException {
    if (frame.marker() == PROGRESSIVE) {
      throw severalScans();
    }
    if (frame.marker() > SEQUENTIAL) {
      throw broken(
          "JPEG data of lossless, hierarchical or arithmetic coding (frame "
              + Integer.toHexString(frame.marker())
              + "), which are not decoded");
    }
    if (frame.end() - frame.start() < FRAME_BYTES) {
      throw broken("JPEG data with a header that is too short");
    }
    int start = frame.start();
    int frameHeight = unsigned(start + 1) << 8 | unsigned(start + 2);
    int frameWidth = unsigned(start + 3) << 8 | unsigned(start + 4);
    if (frameWidth > width || frameHeight > height) {
      throw broken(
          "JPEG data of "
              + frameWidth
              + " x "
              + frameHeight
              + " pixels in a strip or tile of "
              + width
              + " x "
              + height);
    }
    return unsigned(start + 5);
  }

  private int unsigned(int at) {
    return file[at] & 0xff;
  }

  private static boolean isMarker(byte[] data, int at, int marker) {
    return data[at] == (byte) 0xff && data[at + 1] == (byte) marker;
  }

  private static UnreadableImageException severalScans() {
    return broken("JPEG data in several scans, which are not decoded");
  }

  private static UnreadableImageException broken(String what) {
    return UnreadableImageException.broken(ImageFormat.TIFF, what);
  }
}
