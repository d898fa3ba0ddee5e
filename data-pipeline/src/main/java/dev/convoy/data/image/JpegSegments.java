package dev.convoy.data.image;

/** The segments of JPEG data up to the header of the first scan, one after the other. */
final class JpegSegments {
  static final int START_OF_SCAN = 0xda;
  static final int END_OF_IMAGE = 0xd9;

  private final byte[] file;
  private final int limit;
  private int at;
  private int end;

  /**
   * Stands before the first segment.
   *
   * @param from where segments begin, behind the mark of the picture's start
   * @param limit where the data end
   */
  JpegSegments(byte[] file, int from, int limit) {
    this.file = file;
    this.limit = limit;
    this.end = from;
  }

  /**
   * Goes on to the next segment.
   *
   * @throws UnreadableImageException if there is none before the end, or it is not whole
   */
  void next() throws UnreadableImageException {
    at = end;
    // Fill bytes may come before a marker, and what is none is passed over, as libjpeg does.
    while (at + 1 < limit && !(unsigned(at) == 0xff && isSegment(unsigned(at + 1)))) {
      at++;
    }
    if (at + 4 > limit || marker() == END_OF_IMAGE) {
      throw UnreadableImageException.damaged("JPEG");
    }
    end = at + 2 + (unsigned(at + 2) << 8 | unsigned(at + 3));
    if (end > limit || end < start()) {
      throw UnreadableImageException.damaged("JPEG");
    }
  }

  /** What the segment holds. */
  int marker() {
    return unsigned(at + 1);
  }

  /** Where the segment begins, with its marker. */
  int at() {
    return at;
  }

  /** Where its content begins. */
  int start() {
    return at + 4;
  }

  /** Where it ends. */
  int end() {
    return end;
  }

  private int unsigned(int position) {
    return file[position] & 0xff;
  }

  /** True for markers that a length follows, and for the end. */
  static boolean isSegment(int marker) {
    return marker >= 0xc0 && marker != 0xff && !(marker >= 0xd0 && marker <= 0xd8);
  }

  /** True for the header of a picture. */
  static boolean isStartOfFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }
}
