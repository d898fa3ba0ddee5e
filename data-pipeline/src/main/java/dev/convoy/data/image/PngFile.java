package dev.convoy.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A PNG; of an animated one the default image. All checksums are compared, and of the chunks that
 * may be left out only the one with EXIF data is looked at: transparency, gamma and colour profiles
 * change nothing, and compressed texts stay compressed. The JDK's reader compares no checksum and
 * holds the whole picture in memory, hence this one.
 *
 * <p>Values of 1, 2 and 4 bits are spread to 0 to 255; of 16 bits the upper 8 count.
 */
final class PngFile implements ImageFile {
  private static final int SIGNATURE_BYTES = 8;
  private static final int HEADER_BYTES = 13;
  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  /** Of the seven passes of an interlaced picture: first row and column, and their steps. */
  private static final int[][] ADAM_7 = {
    {0, 0, 8, 8}, {0, 4, 8, 8}, {4, 0, 8, 4}, {0, 2, 4, 4}, {2, 0, 4, 2}, {0, 1, 2, 2}, {1, 0, 2, 1}
  };

  private static final int[][] NOT_INTERLACED = {{0, 0, 1, 1}};

  /** How much more pixel data than the header promises is passed over; some encoders write it. */
  private static final int MAX_SURPLUS_BYTES = 1 << 16;

  /** What the method makes of a byte at most, with room to spare. */
  private static final long MAX_COMPRESSION = 1_100;

  private final byte[] file;
  private final byte[] compressed;
  private int height;
  private int width;
  private int bitDepth;
  private int colourType;
  private boolean interlaced;
  private boolean animated;
  private byte[] palette = new byte[0];
  private Orientation orientation = Orientation.UPRIGHT;

  /** Reads all chunks without inflating any. */
  PngFile(byte[] file) throws UnreadableImageException {
    this.file = file;
    ByteArrayOutputStream pixels = new ByteArrayOutputStream(file.length);
    ByteBuffer chunks = ByteBuffer.wrap(file);
    chunks.position(SIGNATURE_BYTES);
    String type = "";
    while (!type.equals("IEND")) {
      boolean first = type.isEmpty();
      ByteBuffer chunk = nextChunk(chunks);
      type = typeOf(chunk);
      if (first != type.equals("IHDR")) {
        throw broken("the header is not the first chunk alone");
      }
      readChunk(type, chunk.position(4).slice(), pixels);
    }
    compressed = pixels.toByteArray();
    if (colourType == PALETTE && palette.length == 0) {
      throw broken("no palette");
    }
  }

  /** Type and content of the next chunk, its checksum compared. */
  private static ByteBuffer nextChunk(ByteBuffer chunks) throws UnreadableImageException {
    if (chunks.remaining() < 12) {
      throw UnreadableImageException.damaged("PNG");
    }
    int length = chunks.getInt();
    if (length < 0 || length > chunks.remaining() - 8) {
      throw UnreadableImageException.damaged("PNG");
    }
    ByteBuffer chunk = chunks.slice().limit(4 + length);
    CRC32 checksum = new CRC32();
    checksum.update(chunk.duplicate());
    chunks.position(chunks.position() + chunk.limit());
    if (chunks.getInt() != (int) checksum.getValue()) {
      throw broken("the checksum of its chunk " + readable(typeOf(chunk)) + " is wrong");
    }
    return chunk;
  }

  private static String typeOf(ByteBuffer chunk) {
    byte[] type = new byte[4];
    chunk.get(0, type);
    return new String(type, StandardCharsets.ISO_8859_1);
  }

  private static String readable(String type) {
    return type.replaceAll("[^A-Za-z]", "?");
  }

  private void readChunk(String type, ByteBuffer content, ByteArrayOutputStream pixels)
      throws UnreadableImageException {
    switch (type) {
      case "IHDR" -> readHeader(content);
      case "PLTE" -> {
        palette = new byte[content.remaining()];
        content.get(palette);
      }
      case "IDAT" -> pixels.write(content.array(), content.arrayOffset(), content.remaining());
      case "acTL" -> animated = true;
      case "eXIf" -> orientation = Exif.orientation(content);
      case "IEND" -> {
        // The loop ends.
      }
      default -> {
        if (Character.isUpperCase(type.charAt(0))) {
          throw broken("the chunk " + readable(type) + " is unknown, and needed");
        }
      }
    }
  }

  private void readHeader(ByteBuffer content) throws UnreadableImageException {
    if (content.remaining() != HEADER_BYTES) {
      throw broken("a header of " + content.remaining() + " bytes");
    }
    width = content.getInt();
    height = content.getInt();
    bitDepth = content.get();
    colourType = content.get();
    boolean known =
        switch (colourType) {
          case GREY -> isOneOf(bitDepth, 1, 2, 4, 8, 16);
          case PALETTE -> isOneOf(bitDepth, 1, 2, 4, 8);
          case RGB, GREY_ALPHA, RGB_ALPHA -> isOneOf(bitDepth, 8, 16);
          default -> false;
        };
    if (!known) {
      throw broken("unknown colours, type " + colourType + " of " + bitDepth + " bits");
    }
    int compression = content.get();
    int filter = content.get();
    int interlace = content.get();
    if (compression != 0 || filter != 0 || interlace < 0 || interlace > 1) {
      throw broken("unknown compression, filter or interlace method");
    }
    interlaced = interlace == 1;
  }

  @Override
  public ImageHeader header() {
    int channels = colourType == GREY || colourType == GREY_ALPHA ? 1 : 3;
    return new ImageHeader(height, width, channels, orientation);
  }

  @Override
  public boolean holdsMore() {
    return animated;
  }

  @Override
  public long bytes(int rows) {
    long picture = interlaced && mayBeComplete() ? (long) header().channels() * width * height : 0;
    // The compressed pixels are collected, and copied once.
    return 2L * file.length + 3 * (1 + rowBytes(width)) + picture;
  }

  /** False when the data are too few for the picture, however well they are compressed. */
  private boolean mayBeComplete() {
    return rowBytes(width) * height <= MAX_COMPRESSION * compressed.length;
  }

  @Override
  public void read(int rowsAtOnce, Rows rows) throws UnreadableImageException {
    if (!mayBeComplete()) {
      throw UnreadableImageException.damaged("PNG");
    }
    Inflater inflater = new Inflater();
    inflater.setInput(compressed);
    try {
      if (interlaced) {
        readInterlaced(inflater, rows);
      } else {
        byte[][] row = new byte[header().channels()][width];
        readPass(
            inflater,
            NOT_INTERLACED[0],
            (y, stored) -> {
              spread(stored, width, row);
              rows.accept(row);
            });
      }
      requireEnd(inflater);
    } catch (DataFormatException e) {
      throw new UnreadableImageException("broken PNG data: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  private void readInterlaced(Inflater inflater, Rows rows)
      throws DataFormatException, UnreadableImageException {
    int channels = header().channels();
    byte[][] picture = new byte[height][channels * width];
    byte[][] row = new byte[channels][width];
    for (int[] pass : ADAM_7) {
      readPass(
          inflater,
          pass,
          (y, stored) -> {
            spread(stored, passWidth(pass), row);
            for (int channel = 0; channel < channels; channel++) {
              for (int x = pass[1], from = 0; x < width; x += pass[3]) {
                picture[y][channel * width + x] = row[channel][from++];
              }
            }
          });
    }
    for (byte[] stored : picture) {
      for (int channel = 0; channel < channels; channel++) {
        System.arraycopy(stored, channel * width, row[channel], 0, width);
      }
      rows.accept(row);
    }
  }

  /** What receives the unfiltered rows of a pass; byte 0 of a row is its filter. */
  private interface StoredRows {
    void accept(int y, byte[] stored);
  }

  private void readPass(Inflater inflater, int[] pass, StoredRows rows)
      throws DataFormatException, UnreadableImageException {
    int passWidth = passWidth(pass);
    if (passWidth == 0) {
      return;
    }
    int bytes = 1 + Math.toIntExact(rowBytes(passWidth));
    byte[] above = new byte[bytes];
    byte[] row = new byte[bytes];
    for (int y = pass[0]; y < height; y += pass[2]) {
      inflate(inflater, row);
      unfilter(row, above, Math.max(1, samples() * bitDepth / 8));
      rows.accept(y, row);
      byte[] free = above;
      above = row;
      row = free;
    }
  }

  private static void inflate(Inflater inflater, byte[] row)
      throws DataFormatException, UnreadableImageException {
    int filled = 0;
    while (filled < row.length) {
      int more = inflater.inflate(row, filled, row.length - filled);
      if (more == 0
          && (inflater.finished() || inflater.needsInput() || inflater.needsDictionary())) {
        throw UnreadableImageException.damaged("PNG");
      }
      filled += more;
    }
  }

  /** Goes on to the end of the compressed data, where their checksum is compared. */
  private static void requireEnd(Inflater inflater)
      throws DataFormatException, UnreadableImageException {
    byte[] surplus = new byte[MAX_SURPLUS_BYTES];
    if (!inflater.finished()) {
      inflater.inflate(surplus);
    }
    if (!inflater.finished()) {
      throw inflater.needsInput()
          ? UnreadableImageException.damaged("PNG")
          : broken("more pixels than its header promises");
    }
  }

  private static void unfilter(byte[] row, byte[] above, int distance)
      throws UnreadableImageException {
    switch (row[0]) {
      case 0 -> {
        // Stored as it is.
      }
      case 1 -> {
        for (int i = 1 + distance; i < row.length; i++) {
          row[i] += row[i - distance];
        }
      }
      case 2 -> {
        for (int i = 1; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 1; i < row.length; i++) {
          int left = i > distance ? row[i - distance] & 0xff : 0;
          row[i] += (byte) ((left + (above[i] & 0xff)) >> 1);
        }
      }
      case 4 -> {
        for (int i = 1; i < row.length && i <= distance; i++) {
          row[i] += above[i];
        }
        for (int i = 1 + distance; i < row.length; i++) {
          int left = row[i - distance] & 0xff;
          int corner = above[i - distance] & 0xff;
          row[i] += (byte) paeth(left, above[i] & 0xff, corner);
        }
      }
      default -> throw broken("a row with the unknown filter " + row[0]);
    }
  }

  private static int paeth(int left, int above, int corner) {
    int toLeft = Math.abs(above - corner);
    int toAbove = Math.abs(left - corner);
    int toCorner = Math.abs(left + above - 2 * corner);
    if (toLeft <= toAbove && toLeft <= toCorner) {
      return left;
    }
    return toAbove <= toCorner ? above : corner;
  }

  /** From stored samples to channels of 8 bits; alpha is dropped. */
  private void spread(byte[] stored, int count, byte[][] row) {
    if (colourType == PALETTE) {
      for (int x = 0; x < count; x++) {
        int index = 3 * sample(stored, x);
        // A damaged file may point beyond its colours: black, as in Pillow.
        boolean known = index + 2 < palette.length;
        for (int channel = 0; channel < 3; channel++) {
          row[channel][x] = known ? palette[index + channel] : 0;
        }
      }
    } else if (bitDepth < 8) {
      int scale = 255 / ((1 << bitDepth) - 1);
      for (int x = 0; x < count; x++) {
        row[0][x] = (byte) (scale * sample(stored, x));
      }
    } else {
      int step = samples() * bitDepth / 8;
      for (int channel = 0; channel < row.length; channel++) {
        int at = 1 + channel * bitDepth / 8;
        for (int x = 0; x < count; x++, at += step) {
          row[channel][x] = stored[at];
        }
      }
    }
  }

  /** The value of a pixel that has one sample of 8 bits or fewer. */
  private int sample(byte[] stored, int x) {
    int bit = x * bitDepth;
    int shift = 8 - bitDepth - bit % 8;
    return (stored[1 + bit / 8] & 0xff) >> shift & ((1 << bitDepth) - 1);
  }

  private int samples() {
    return switch (colourType) {
      case GREY_ALPHA -> 2;
      case RGB -> 3;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  private long rowBytes(int columns) {
    return ((long) columns * samples() * bitDepth + 7) / 8;
  }

  private int passWidth(int[] pass) {
    return (width - pass[1] + pass[3] - 1) / pass[3];
  }

  private static boolean isOneOf(int value, int... known) {
    return Arrays.stream(known).anyMatch(each -> each == value);
  }

  private static UnreadableImageException broken(String what) {
    return UnreadableImageException.broken(ImageFormat.PNG, what);
  }
}
