package dev.convoy.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tags of the first picture of a TIFF. Everything that a tag claims lies within the file;
 * nothing is followed into other directories.
 */
final class TiffDirectory {
  static final int WIDTH = 256;
  static final int HEIGHT = 257;
  static final int BITS = 258;
  static final int COMPRESSION = 259;
  static final int COLOURS = 262;
  static final int SAMPLES = 277;
  static final int STRIP_HEIGHT = 278;
  static final int PALETTE = 320;
  static final int TILE_WIDTH = 322;
  static final int TILE_HEIGHT = 323;
  static final int SAMPLE_FORMAT = 339;
  static final int JPEG_TABLES = 347;
  private static final int STRIP_OFFSETS = 273;
  private static final int ORIENTATION = 274;
  private static final int STRIP_BYTES = 279;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTES = 325;

  private static final int MAGIC_NUMBER = 42;
  private static final int ENTRY_BYTES = 12;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  /** Bytes of a value by its type; 0 for types that are unknown. */
  private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};

  private final ByteBuffer data;
  private final int start;
  private final Map<Integer, Entry> entries = new TreeMap<>();
  private boolean next;

  /** What a tag has. */
  private record Entry(int position, int type, int count, int values) {}

  private TiffDirectory(ByteBuffer data, int start) {
    this.data = data;
    this.start = start;
  }

  /** Reads the first directory of a file, which is not copied. */
  static TiffDirectory first(byte[] file) throws UnreadableImageException {
    ByteBuffer data =
        ByteBuffer.wrap(file)
            .order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (data.getShort(2) != MAGIC_NUMBER) {
      throw broken("BigTIFF, which is not decoded");
    }
    TiffDirectory directory = new TiffDirectory(data, data.getInt(4));
    int entries = data.getShort(directory.start) & 0xffff;
    for (int entry = 0; entry < entries; entry++) {
      directory.read(directory.start + 2 + entry * ENTRY_BYTES);
    }
    directory.next = data.getInt(directory.start + 2 + entries * ENTRY_BYTES) != 0;
    return directory;
  }

  private void read(int position) throws UnreadableImageException {
    int tag = data.getShort(position) & 0xffff;
    int type = data.getShort(position + 2) & 0xffff;
    long count = data.getInt(position + 4) & 0xffffffffL;
    if (!concernsPixels(tag)) {
      return;
    }
    if (type >= TYPE_BYTES.length || TYPE_BYTES[type] == 0 || count == 0) {
      throw broken("the tag " + tag + " of type " + type + " and " + count + " values");
    }
    long bytes = count * TYPE_BYTES[type];
    long values = bytes <= Integer.BYTES ? position + 8 : data.getInt(position + 8) & 0xffffffffL;
    if (values + bytes > data.limit()) {
      throw UnreadableImageException.damaged("TIFF");
    }
    entries.put(tag, new Entry(position, type, (int) count, (int) values));
  }

  /** Size and layout, coding, and how values become colours; not what people say about it. */
  private static boolean concernsPixels(int tag) {
    return switch (tag) {
      case WIDTH,
              HEIGHT,
              BITS,
              COMPRESSION,
              COLOURS,
              STRIP_OFFSETS,
              ORIENTATION,
              SAMPLES,
              STRIP_HEIGHT,
              STRIP_BYTES,
              PALETTE,
              TILE_WIDTH,
              TILE_HEIGHT,
              TILE_OFFSETS,
              TILE_BYTES,
              SAMPLE_FORMAT,
              JPEG_TABLES ->
          true;
      case 266, 284, 292, 293, 317, 338, 529, 530, 531, 532 -> true;
      default -> false;
    };
  }

  /** How many values a tag has; 0 where there is none. */
  int count(int tag) {
    return entries.containsKey(tag) ? entries.get(tag).count : 0;
  }

  /** A value of a tag that has so many: a whole number, at most as large as an int. */
  int element(int tag, int index) {
    Entry entry = entries.get(tag);
    int at = entry.values + index * TYPE_BYTES[entry.type];
    return switch (entry.type) {
      case SHORT -> data.getShort(at) & 0xffff;
      case LONG -> (int) Math.min(Integer.MAX_VALUE, data.getInt(at) & 0xffffffffL);
      default -> data.get(at) & 0xff;
    };
  }

  /** The first value of a tag. */
  int number(int tag, int otherwise) {
    return count(tag) == 0 ? otherwise : element(tag, 0);
  }

  /** The value of a tag that has one for each sample of a pixel, all of them the same. */
  int numberOfAll(int tag, int otherwise) throws UnreadableImageException {
    int number = number(tag, otherwise);
    for (int i = 1; i < count(tag); i++) {
      if (element(tag, i) != number) {
        throw broken("samples of different kinds, which are not decoded");
      }
    }
    return number;
  }

  /** How the stored rows lie in the picture that is seen. */
  Orientation orientation() {
    return Orientation.ofExif(number(ORIENTATION, 1));
  }

  /** Whether another directory follows. */
  boolean hasNext() {
    return next;
  }

  /** The values of a tag that are bytes; none where there is no such tag. */
  byte[] bytes(int tag) {
    byte[] bytes = new byte[count(tag)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) element(tag, i);
    }
    return bytes;
  }

  /** How many strips or tiles there are. */
  int parts() {
    return count(partOffsets());
  }

  /** Where a strip or tile begins. */
  int partStart(int part) {
    return element(partOffsets(), part);
  }

  /** How many bytes a strip or tile has. */
  int partBytes(int part) {
    return element(partLengths(), part);
  }

  private int partOffsets() {
    return count(TILE_OFFSETS) > 0 ? TILE_OFFSETS : STRIP_OFFSETS;
  }

  private int partLengths() {
    return count(TILE_OFFSETS) > 0 ? TILE_BYTES : STRIP_BYTES;
  }

  /** Checks that all strips, or all tiles, lie within so many bytes. */
  void requirePixelsWithin(long length) throws UnreadableImageException {
    if (parts() == 0 || parts() != count(partLengths())) {
      throw broken(parts() + " parts with " + count(partLengths()) + " lengths");
    }
    for (int part = 0; part < parts(); part++) {
      if ((long) partStart(part) + partBytes(part) > length) {
        throw UnreadableImageException.damaged("TIFF");
      }
    }
  }

  /** A copy of the file whose only directory has those tags alone that concern pixels. */
  byte[] withoutOthers() {
    byte[] copy = new byte[data.limit()];
    data.get(0, copy);
    ByteBuffer reduced = ByteBuffer.wrap(copy).order(data.order());
    reduced.putShort(start, (short) entries.size()).position(start + 2);
    for (Entry entry : entries.values()) {
      reduced.put(data.slice(entry.position, ENTRY_BYTES));
    }
    reduced.putInt(0);
    return copy;
  }

  private static UnreadableImageException broken(String what) {
    return UnreadableImageException.broken(ImageFormat.TIFF, what);
  }
}
