package dev.convoy.data.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The first frame of a GIF, on its screen. Pixels of the screen that the frame leaves free have the
 * colour that the frame's palette gives to its transparent index, or else to index 0, as in Pillow.
 * A screen that is smaller than the frame is taken to be as large as need be. The JDK's reader
 * leaves the screen out and does not notice damaged data, hence this one.
 */
final class GifFile implements ImageFile {
  private static final int HEADER_BYTES = 6;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;
  private static final int GRAPHIC_CONTROL = 0xf9;
  private static final int HAS_PALETTE = 0x80;
  private static final int INTERLACED = 0x40;
  private static final int HAS_TRANSPARENT_INDEX = 1;

  /** First row and step of the four passes of an interlaced frame. */
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private final int height;
  private final int width;
  private byte[] palette;
  private int background;
  private int left;
  private int top;
  private int frameHeight;
  private int frameWidth;
  private boolean interlaced;

  /** Where the compressed pixels begin. */
  private final ByteBuffer data;

  /** Reads everything before the pixels of the first frame. */
  GifFile(byte[] file) throws UnreadableImageException {
    data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(HEADER_BYTES);
    try {
      int screenWidth = unsignedShort();
      int screenHeight = unsignedShort();
      int flags = data.get();
      data.position(data.position() + 2);
      readPalette(flags);
      findFrame();
      width = Math.max(screenWidth, left + frameWidth);
      height = Math.max(screenHeight, top + frameHeight);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new UnreadableImageException("the GIF data end too early or are damaged", e);
    }
    if (palette == null) {
      throw broken("no palette");
    }
    if (frameWidth == 0 || frameHeight == 0) {
      throw broken("a frame without pixels");
    }
  }

  private void findFrame() throws UnreadableImageException {
    int block = nextBlock(data);
    while (block == EXTENSION) {
      int label = data.get() & 0xff;
      int length = data.get(data.position()) & 0xff;
      if (label == GRAPHIC_CONTROL && length == 4) {
        boolean transparent = (data.get(data.position() + 1) & HAS_TRANSPARENT_INDEX) != 0;
        background = transparent ? data.get(data.position() + 4) & 0xff : 0;
      }
      skipBlocks(data);
      block = nextBlock(data);
    }
    if (block != IMAGE) {
      throw broken("no frame");
    }
    left = unsignedShort();
    top = unsignedShort();
    frameWidth = unsignedShort();
    frameHeight = unsignedShort();
    int flags = data.get();
    interlaced = (flags & INTERLACED) != 0;
    readPalette(flags);
  }

  /** What kind of block follows; some encoders leave zeros between blocks. */
  private static int nextBlock(ByteBuffer data) {
    int block = 0;
    while (block == 0) {
      block = data.get() & 0xff;
    }
    return block;
  }

  private void readPalette(int flags) {
    if ((flags & HAS_PALETTE) != 0) {
      palette = new byte[3 << ((flags & 7) + 1)];
      data.get(palette);
    }
  }

  private static void skipBlocks(ByteBuffer data) {
    int length = data.get() & 0xff;
    while (length > 0) {
      data.position(data.position() + length);
      length = data.get() & 0xff;
    }
  }

  @Override
  public ImageHeader header() {
    return new ImageHeader(height, width, 3, Orientation.UPRIGHT);
  }

  @Override
  public boolean holdsMore() {
    ByteBuffer rest = data.duplicate();
    try {
      rest.get(); // how many bits the first codes have
      skipBlocks(rest);
      int block = nextBlock(rest);
      while (block == EXTENSION) {
        rest.get();
        skipBlocks(rest);
        block = nextBlock(rest);
      }
      return block == IMAGE;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return false; // nothing that could be read
    }
  }

  @Override
  public long bytes(int rows) {
    return 3L * width + (long) frameHeight * frameWidth;
  }

  @Override
  public void read(int rowsAtOnce, Rows rows) throws UnreadableImageException {
    byte[] frame = new byte[Math.multiplyExact(frameHeight, frameWidth)];
    try {
      new GifPixels(data.duplicate()).read(frame);
    } catch (BufferUnderflowException e) {
      throw new UnreadableImageException("the GIF data end too early or are damaged", e);
    }
    int[] storedRow = interlaced ? interlacedRows() : null;
    byte[] line = new byte[width];
    byte[][] row = new byte[3][width];
    for (int y = 0; y < height; y++) {
      Arrays.fill(line, (byte) background);
      int inFrame = y - top;
      if (inFrame >= 0 && inFrame < frameHeight) {
        int stored = interlaced ? storedRow[inFrame] : inFrame;
        System.arraycopy(frame, stored * frameWidth, line, left, frameWidth);
      }
      toColours(line, row);
      rows.accept(row);
    }
  }

  private void toColours(byte[] line, byte[][] row) {
    for (int x = 0; x < width; x++) {
      int index = 3 * (line[x] & 0xff);
      boolean known = index < palette.length;
      for (int channel = 0; channel < 3; channel++) {
        row[channel][x] = known ? palette[index + channel] : 0;
      }
    }
  }

  /** For each row of an interlaced frame, which one it is in the data. */
  private int[] interlacedRows() {
    int[] stored = new int[frameHeight];
    int next = 0;
    for (int[] pass : PASSES) {
      for (int y = pass[0]; y < frameHeight; y += pass[1]) {
        stored[y] = next++;
      }
    }
    return stored;
  }

  private int unsignedShort() {
    return data.getShort() & 0xffff;
  }

  private static UnreadableImageException broken(String what) {
    return UnreadableImageException.broken(ImageFormat.GIF, what);
  }
}
