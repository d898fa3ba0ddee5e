package dev.convoy.data.image;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageOutputStream;
import org.w3c.dom.Element;

/** Image files for tests. */
public final class EncodedImage {
  private EncodedImage() {}

  /** A small valid file of one format. */
  public static byte[] small(String format) throws IOException {
    return encode(noise(20, 20, BufferedImage.TYPE_3BYTE_BGR), format);
  }

  /** A valid file of one colour. */
  public static byte[] flatPng(int width, int height, int red, int green, int blue)
      throws IOException {
    return encode(flat(width, height, red, green, blue), "png");
  }

  /** A valid file of noise. */
  public static byte[] large(String format, int width, int height) throws IOException {
    return encode(noise(width, height, BufferedImage.TYPE_3BYTE_BGR), format);
  }

  static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (format.equals("jpg")) {
      write(new IIOImage(image, null, null), out);
    } else if (!ImageIO.write(image, format, out)) {
      throw new IllegalArgumentException("No writer for " + format);
    }
    return out.toByteArray();
  }

  static BufferedImage noise(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    KeyedRandom random = KeyedRandom.of(1, Purpose.SYNTHETIC, width, height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, 0xff000000 | random.nextInt());
      }
    }
    return image;
  }

  static BufferedImage flat(int width, int height, int red, int green, int blue) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, 0xff000000 | red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  /** The colours of an image in CHW order. */
  static byte[] planes(BufferedImage image) {
    int plane = image.getWidth() * image.getHeight();
    byte[] planes = new byte[3 * plane];
    for (int i = 0; i < plane; i++) {
      for (int channel = 0; channel < 3; channel++) {
        planes[channel * plane + i] =
            (byte) image.getRaster().getSample(i % image.getWidth(), i / image.getWidth(), channel);
      }
    }
    return planes;
  }

  /** A JPEG with four components and no marker that says what they mean. */
  static byte[] fourComponentJpeg(int width, int height, int... components) throws IOException {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        raster.setPixel(x, y, components);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(new IIOImage(raster, null, null), out);
    return out.toByteArray();
  }

  public static byte[] progressiveJpeg(int width, int height) throws IOException {
    return write("jpeg", noise(width, height, BufferedImage.TYPE_3BYTE_BGR), true, null);
  }

  /**
   * A JPEG whose luma has so many samples across and down for one of chroma.
   *
   * @param quality 0 to 1
   */
  static byte[] sampledJpeg(BufferedImage image, int across, int down, float quality)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    parameters.setCompressionQuality(quality);
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), parameters);
    Element tree = (Element) metadata.getAsTree(metadata.getNativeMetadataFormatName());
    Element luma = (Element) tree.getElementsByTagName("componentSpec").item(0);
    luma.setAttribute("HsamplingFactor", Integer.toString(across));
    luma.setAttribute("VsamplingFactor", Integer.toString(down));
    metadata.setFromTree(metadata.getNativeMetadataFormatName(), tree);
    return written(writer, new IIOImage(image, null, metadata), parameters);
  }

  static byte[] interlacedPng(int width, int height) throws IOException {
    return write("png", noise(width, height, BufferedImage.TYPE_3BYTE_BGR), true, null);
  }

  static byte[] runLengthBmp(int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED);
    for (int i = 0; i < width * height; i++) {
      image.getRaster().setSample(i % width, i / width, 0, i * i % 1000 / 4);
    }
    return write("bmp", image, false, "BI_RLE8");
  }

  /** A file whose pixels are compressed in that way. */
  static byte[] compressed(BufferedImage image, String format, String compression)
      throws IOException {
    return write(format, image, false, compression);
  }

  /** An animation of two frames in the middle of a larger canvas, with EXIF data. */
  static byte[] animatedWebp(int width, int height) throws IOException {
    byte[] still = small("webp");
    byte[] pixels = Arrays.copyOfRange(still, 12, still.length);
    ByteBuffer file = ByteBuffer.allocate(2048).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF\0\0\0\0WEBP".getBytes(StandardCharsets.US_ASCII));
    file.put("VP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(0x0a);
    put24(file, width + 7);
    put24(file, height + 3);
    for (int frame = 0; frame < 2; frame++) {
      file.put("ANMF".getBytes(StandardCharsets.US_ASCII)).putInt(16 + pixels.length);
      put24(file, 2);
      put24(file, 1);
      put24(file, 19);
      put24(file, 19);
      file.putInt(100).put(pixels);
    }
    file.put("EXIF".getBytes(StandardCharsets.US_ASCII)).putInt(26);
    file.put(
        "II*\0\b\0\0\0\1\0\22\1\3\0\1\0\0\0\1\0\0\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
    return Arrays.copyOf(file.putInt(4, file.position() - 8).array(), file.position());
  }

  /** Changes the first value of a tag of a TIFF, which is of 16 or 32 bits. */
  static void setTag(ByteBuffer tiff, int tag, int value) {
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int at = tiff.getInt(4) + 2;
    while ((tiff.getShort(at) & 0xffff) != tag) {
      at += 12;
    }
    if (tiff.getShort(at + 2) == 3) {
      tiff.putShort(at + 8, (short) value);
    } else {
      tiff.putInt(at + 8, value);
    }
  }

  private static void put24(ByteBuffer file, int value) {
    file.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
  }

  private static byte[] write(
      String format, BufferedImage image, boolean progressive, String compression)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    if (progressive) {
      parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    }
    if (compression != null) {
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionType(compression);
    }
    return written(writer, new IIOImage(image, null, null), parameters);
  }

  private static byte[] written(ImageWriter writer, IIOImage image, ImageWriteParam parameters)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, image, parameters);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  static byte[] withAdobeMarker(byte[] jpeg, int transform) {
    ByteBuffer segment = ByteBuffer.allocate(16);
    segment.putShort((short) 0xffee).putShort((short) 14);
    segment.put("Adobe".getBytes(StandardCharsets.US_ASCII)).putShort((short) 100);
    segment.putInt(0).put((byte) transform);
    return insert(jpeg, 2, segment.array());
  }

  static byte[] withOrientation(byte[] jpeg, int orientation) {
    ByteBuffer tiff = ByteBuffer.allocate(26);
    tiff.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    tiff.putShort((short) 1);
    tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    tiff.putShort((short) orientation).putShort((short) 0).putInt(0);
    ByteBuffer segment = ByteBuffer.allocate(4 + 6 + 26);
    segment.putShort((short) 0xffe1).putShort((short) (2 + 6 + 26));
    segment.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(tiff.array());
    return insert(jpeg, 2, segment.array());
  }

  static byte[] withColourProfile(byte[] jpeg, byte[] profile) {
    ByteBuffer segment = ByteBuffer.allocate(18 + profile.length);
    segment.putShort((short) 0xffe2).putShort((short) (16 + profile.length));
    segment.put("ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 1);
    // After the JFIF segment, which has to come first.
    return insert(jpeg, 20, segment.put(profile).array());
  }

  /** A PNG with a text between its header and its pixels. */
  static byte[] withComment(byte[] png) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + 9);
    chunk.putInt(9).put("tEXtComment\0a".getBytes(StandardCharsets.US_ASCII));
    return withPngChecksums(insert(png, 33, chunk.array()));
  }

  /** A PNG whose chunks all have the checksums of their contents. */
  static byte[] withPngChecksums(byte[] png) {
    ByteBuffer changed = ByteBuffer.wrap(png.clone());
    for (int at = 8; at + 12 <= png.length && changed.getInt(at) >= 0; ) {
      int end = at + 8 + Math.min(changed.getInt(at), png.length - at - 12);
      CRC32 crc = new CRC32();
      crc.update(changed.array(), at + 4, end - at - 4);
      changed.putInt(end, (int) crc.getValue());
      at = end + 4;
    }
    return changed.array();
  }

  /** The same file with a header that promises another size. */
  static byte[] withSize(byte[] file, String format, int width, int height) {
    ByteBuffer changed = ByteBuffer.wrap(file.clone());
    switch (format) {
      case "png" -> {
        changed.putInt(16, width).putInt(20, height);
        CRC32 crc = new CRC32();
        crc.update(changed.array(), 12, 17);
        changed.putInt(29, (int) crc.getValue());
      }
      case "bmp" -> {
        changed.order(ByteOrder.LITTLE_ENDIAN).putInt(18, width).putInt(22, height);
        // The sizes of the file and of its pixels.
        changed.putInt(2, 54 + 3 * width * height).putInt(34, 3 * width * height);
      }
      case "gif" -> {
        int image = indexOf(file, 0x2c, 0, 0, 0, 0, 20, 0, 20, 0);
        changed.order(ByteOrder.LITTLE_ENDIAN);
        changed.putShort(6, (short) width).putShort(8, (short) height);
        changed.putShort(image + 5, (short) width).putShort(image + 7, (short) height);
      }
      case "jpg" -> {
        int frame = indexOf(file, 0xff, 0xc0);
        changed.putShort(frame + 5, (short) height).putShort(frame + 7, (short) width);
      }
      case "tiff" -> {
        setTag(changed, 256, width);
        setTag(changed, 257, height);
      }
      case "webp" ->
          changed
              .order(ByteOrder.LITTLE_ENDIAN)
              .putShort(26, (short) width)
              .putShort(28, (short) height);
      default -> throw new IllegalArgumentException(format);
    }
    return changed.array();
  }

  private static void write(IIOImage image, ByteArrayOutputStream out) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam best = writer.getDefaultWriteParam();
    best.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    best.setCompressionQuality(1);
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, image, best);
    } finally {
      writer.dispose();
    }
  }

  private static byte[] insert(byte[] file, int at, byte[] segment) {
    byte[] longer = Arrays.copyOf(file, file.length + segment.length);
    System.arraycopy(segment, 0, longer, at, segment.length);
    System.arraycopy(file, at, longer, at + segment.length, file.length - at);
    return longer;
  }

  private static int indexOf(byte[] file, int... pattern) {
    for (int at = 0; at + pattern.length <= file.length; at++) {
      boolean found = true;
      for (int i = 0; i < pattern.length; i++) {
        found &= (file[at + i] & 0xff) == pattern[i];
      }
      if (found) {
        return at;
      }
    }
    throw new IllegalArgumentException("No such bytes");
  }
}
