package dev.convoy.data.image;

import java.awt.Rectangle;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * The JDK's reader of JPEGs, which goes from picture to picture as if they were one file that it is
 * asked for again: for every new file it would read each header three times. It may still know the
 * tables of the picture before. To be used by one thread.
 */
final class JpegReader {
  private static final Queue<JpegReader> IDLE = new ConcurrentLinkedQueue<>();

  private final ImageReader reader;
  private final ByteArrayImageInputStream input = new ByteArrayImageInputStream();
  private final ImageReadParam part;
  private boolean damaged;

  private JpegReader() throws IOException {
    reader = JdkReader.JPEG.create();
    part = reader.getDefaultReadParam();
    reader.setInput(input, false, true);
    reader.addIIOReadWarningListener(
        (source, warning) -> damaged |= JdkReader.meansDamagedPixels(warning));
  }

  /**
   * Reads a part of a picture.
   *
   * @param head what the file begins with
   * @param file holds the rest
   * @param from where that begins
   * @param header with which the reader must agree
   * @param hasTables whether the picture has all tables that it is decoded by
   * @return the components of the part as they are stored, rows one after the other
   * @throws UnreadableImageException when the reader has filled in what is missing or damaged, of
   *     which it merely warns
   */
  static byte[] read(
      byte[] head, byte[] file, int from, ImageHeader header, boolean hasTables, CropBox box)
      throws IOException, UnreadableImageException {
    JpegReader known = hasTables ? IDLE.poll() : null;
    JpegReader reader = known == null ? new JpegReader() : known;
    boolean unharmed = false;
    try {
      byte[] components = reader.read(head, file, from, header, box);
      unharmed = hasTables;
      return components;
    } finally {
      reader.input.show(new byte[0], new byte[0], 0);
      if (unharmed) {
        IDLE.add(reader);
      } else {
        reader.reader.dispose();
      }
    }
  }

  private byte[] read(byte[] head, byte[] file, int from, ImageHeader header, CropBox box)
      throws IOException, UnreadableImageException {
    damaged = false;
    input.show(head, file, from);
    part.setSourceRegion(new Rectangle(box.left(), box.top(), box.width(), box.height()));
    Raster raster = reader.readRaster(0, part);
    if (reader.getWidth(0) != header.width() || reader.getHeight(0) != header.height()) {
      throw UnreadableImageException.broken(ImageFormat.JPEG, "two sizes in one header");
    }
    if (damaged) {
      throw UnreadableImageException.damaged("JPEG");
    }
    return interleaved(raster);
  }

  private static byte[] interleaved(Raster raster) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int bytes = raster.getHeight() * width * bands;
    if (raster.getDataBuffer() instanceof DataBufferByte buffer
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
        && model.getScanlineStride() == width * bands
        && isInOrder(model.getBandOffsets())
        && buffer.getOffset() == 0
        && buffer.getData().length == bytes) {
      return buffer.getData();
    }
    return (byte[])
        raster.getDataElements(
            raster.getMinX(), raster.getMinY(), width, raster.getHeight(), new byte[bytes]);
  }

  private static boolean isInOrder(int[] bandOffsets) {
    for (int band = 0; band < bandOffsets.length; band++) {
      if (bandOffsets[band] != band) {
        return false;
      }
    }
    return true;
  }
}
