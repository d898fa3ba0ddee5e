package dev.convoy.data.image;

import dev.convoy.data.DataException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The first frame of a WebP, on its canvas; what the frame leaves free is black. The pixels are
 * decoded by Google's libwebp, which is given the frame alone, as a still picture.
 */
final class WebpFile implements ImageFile {
  private static final int HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int FRAME_HEADER_BYTES = 16;
  private static final int LOSSY_START = 0x2a019d;
  private static final int LOSSLESS_START = 0x2f;

  private final ByteBuffer data;

  /** The chunk of the pixels, its header included. */
  private ByteBuffer pixels;

  private Orientation orientation = Orientation.UPRIGHT;
  private int frames;
  private int height;
  private int width;
  private int left;
  private int top;
  private int frameHeight;
  private int frameWidth;

  /** Reads all chunks up to the pixels, and the others' headers. */
  WebpFile(byte[] file) throws UnreadableImageException {
    data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    try {
      long end = CHUNK_HEADER_BYTES + (data.getInt(4) & 0xffffffffL);
      if (end > file.length) {
        throw UnreadableImageException.damaged("WebP");
      }
      readChunks(data.position(HEADER_BYTES).limit((int) end));
      if (pixels == null) {
        throw broken("no picture");
      }
      readFrame();
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new UnreadableImageException("the WebP data end too early or are damaged", e);
    }
    if (left + frameWidth > width || top + frameHeight > height) {
      throw broken("a frame that leaves its canvas");
    }
  }

  private void readChunks(ByteBuffer chunks) {
    while (chunks.remaining() >= CHUNK_HEADER_BYTES) {
      ByteBuffer chunk = chunks.slice().order(ByteOrder.LITTLE_ENDIAN);
      int length = chunk.getInt(4);
      chunk
          .limit(CHUNK_HEADER_BYTES + Math.min(length, chunk.limit()))
          .position(CHUNK_HEADER_BYTES);
      readChunk(typeOf(chunk), chunk);
      // Chunks begin at even places; after the last nothing need follow.
      chunks.position(Math.min(chunks.limit(), chunks.position() + chunk.limit() + (length & 1)));
    }
  }

  private void readChunk(String type, ByteBuffer chunk) {
    switch (type) {
      case "VP8X" -> {
        width = 1 + unsigned24(chunk, 12);
        height = 1 + unsigned24(chunk, 15);
      }
      case "VP8 ", "VP8L" -> {
        if (pixels == null) {
          pixels = chunk;
        }
      }
      case "ANMF" -> {
        if (frames++ == 0 && pixels == null) {
          left = 2 * unsigned24(chunk, CHUNK_HEADER_BYTES);
          top = 2 * unsigned24(chunk, CHUNK_HEADER_BYTES + 3);
          readChunks(chunk.position(CHUNK_HEADER_BYTES + FRAME_HEADER_BYTES));
        }
      }
      case "EXIF" -> orientation = Exif.orientation(withoutName(chunk));
      default -> {
        // Says nothing about pixels; alpha is dropped.
      }
    }
  }

  /** Some writers begin as in a JPEG. */
  private static ByteBuffer withoutName(ByteBuffer chunk) {
    boolean named = chunk.remaining() > 6 && chunk.getInt(chunk.position()) == 0x66697845;
    return named ? chunk.position(chunk.position() + 6) : chunk;
  }

  private void readFrame() throws UnreadableImageException {
    if (typeOf(pixels).equals("VP8L")) {
      int sides = pixels.getInt(CHUNK_HEADER_BYTES + 1);
      frameWidth = 1 + (sides & 0x3fff);
      frameHeight = 1 + (sides >> 14 & 0x3fff);
      if (pixels.get(CHUNK_HEADER_BYTES) != LOSSLESS_START) {
        throw broken("no header of lossless pixels");
      }
    } else {
      frameWidth = pixels.getShort(CHUNK_HEADER_BYTES + 6) & 0x3fff;
      frameHeight = pixels.getShort(CHUNK_HEADER_BYTES + 8) & 0x3fff;
      if (unsigned24(pixels, CHUNK_HEADER_BYTES + 3) != LOSSY_START) {
        throw broken("no header of lossy pixels");
      }
    }
    if (width == 0) {
      width = frameWidth;
      height = frameHeight;
    }
  }

  @Override
  public ImageHeader header() {
    return new ImageHeader(height, width, 3, orientation);
  }

  @Override
  public boolean holdsMore() {
    return frames > 1;
  }

  @Override
  public long bytes(int rows) {
    // The library's pixels, on their way and as they come; and copies of the file.
    return 3L * data.capacity() + 3L * Integer.BYTES * frameHeight * frameWidth;
  }

  @Override
  public void read(int rowsAtOnce, Rows rows) throws IOException, UnreadableImageException {
    int[] colours = decode();
    byte[][] row = new byte[3][width];
    for (int y = 0; y < height; y++) {
      for (int channel = 0; channel < 3; channel++) {
        int shift = 16 - 8 * channel;
        for (int x = 0; x < frameWidth; x++) {
          boolean inFrame = y >= top && y < top + frameHeight;
          row[channel][left + x] =
              inFrame ? (byte) (colours[(y - top) * frameWidth + x] >> shift) : 0;
        }
      }
      rows.accept(row);
    }
  }

  /** The colours of the frame, {@code 0xrrggbb} in the lower bits. */
  private int[] decode() throws IOException, UnreadableImageException {
    ImageReader reader = Library.READERS.createReaderInstance(null);
    try {
      reader.setInput(new ByteArrayImageInputStream(still()), true, true);
      BufferedImage image = reader.read(0);
      if (image.getWidth() != frameWidth
          || image.getHeight() != frameHeight
          || !(image.getRaster().getDataBuffer() instanceof DataBufferInt colours)) {
        throw broken("two sizes in one header");
      }
      return colours.getData();
    } catch (LinkageError e) {
      throw DataException.cannot(
          "decode WebP images",
          "a system for which libwebp is there: Linux with glibc 2.34 or later, macOS or Windows",
          e.toString(),
          System.getProperty("os.name") + " on " + System.getProperty("os.arch"),
          "Run on such a system, on all machines, or convert the images.",
          e);
    } finally {
      reader.dispose();
    }
  }

  /** The frame as a file of its own. */
  private byte[] still() {
    int length = pixels.limit();
    int padded = length + (length & 1);
    ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + padded);
    file.put("WEBP".getBytes(StandardCharsets.US_ASCII)).put(pixels.duplicate().rewind());
    return file.array();
  }

  private static String typeOf(ByteBuffer chunk) {
    byte[] type = new byte[4];
    chunk.get(0, type);
    return new String(type, StandardCharsets.ISO_8859_1);
  }

  private static int unsigned24(ByteBuffer chunk, int at) {
    return (chunk.get(at) & 0xff) | (chunk.getShort(at + 1) & 0xffff) << 8;
  }

  private static UnreadableImageException broken(String what) {
    return UnreadableImageException.broken(ImageFormat.WEBP, what);
  }

  /** Loaded when the first WebP is met. */
  private static final class Library {
    /** Others than libwebp's reader come to other colours. */
    private static final String PACKAGE = "com.luciad.imageio.webp.";

    static final ImageReaderSpi READERS =
        ServiceLoader.load(ImageReaderSpi.class, WebpFile.class.getClassLoader()).stream()
            .filter(provider -> provider.type().getName().startsWith(PACKAGE))
            .findFirst()
            .orElseThrow(() -> new NoClassDefFoundError("webp-imageio is not on the class path"))
            .get();
  }
}
