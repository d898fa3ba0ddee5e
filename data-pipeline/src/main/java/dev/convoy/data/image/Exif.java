package dev.convoy.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How a camera was held, from EXIF data, which have the structure of a TIFF file. */
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private Exif() {}

  /**
   * The orientation; upright where there is none. Data that make no sense say nothing about the
   * picture. Only the first directory is read, without following it into others: what is damaged on
   * purpose is not to be believed further than that.
   */
  static Orientation orientation(ByteBuffer tiff) {
    if (tiff.remaining() < 8) {
      return Orientation.UPRIGHT;
    }
    ByteBuffer data = tiff.slice();
    int byteOrder = data.getShort(0);
    data.order(byteOrder == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = data.getInt(4);
    if ((byteOrder != 0x4949 && byteOrder != 0x4d4d)
        || data.getShort(2) != 42
        || directory < 8
        || directory > data.limit() - 2) {
      return Orientation.UPRIGHT;
    }
    int entries = data.getShort(directory) & 0xffff;
    for (int entry = 0; entry < entries; entry++) {
      int at = directory + 2 + entry * ENTRY_BYTES;
      if (at > data.limit() - ENTRY_BYTES) {
        break;
      }
      if ((data.getShort(at) & 0xffff) == ORIENTATION && data.getShort(at + 2) == SHORT) {
        return Orientation.ofExif(data.getShort(at + 8));
      }
    }
    return Orientation.UPRIGHT;
  }
}
