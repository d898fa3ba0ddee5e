package dev.convoy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/** Small folders of images, good and bad. */
final class ImageFolders {
  private static final int SIDE = 96;
  private static final int IMAGES_PER_CLASS = 8;
  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private ImageFolders() {}

  /** Two classes, dark and light, with eight images each. */
  static Path good(Path root) throws IOException {
    for (int i = 0; i < IMAGES_PER_CLASS; i++) {
      write(root.resolve("dark/image-" + i + ".png"), encoded("png", 0x101010 * (1 + i % 4)));
      write(root.resolve("light/image-" + i + ".png"), encoded("png", 0x101010 * (8 + i % 4)));
    }
    return root;
  }

  /** Writes a file and the directories above it. */
  static Path write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  /** The first half of a JPEG. */
  static byte[] truncatedJpeg() throws IOException {
    byte[] whole = encoded("jpg", 0x404040);
    return Arrays.copyOf(whole, whole.length / 2);
  }

  /** Text where an image should be. */
  static byte[] text() {
    return "this is no image\n".getBytes(StandardCharsets.UTF_8);
  }

  /** A PNG of a few bytes whose header promises 400 million pixels. */
  static byte[] bomb() throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(20_000);
    fields.writeInt(20_000);
    fields.write(new byte[] {8, 2, 0, 0, 0});
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(data)) {
      deflater.write(new byte[100]);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(PNG_SIGNATURE);
    chunk(png, "IHDR", header.toByteArray());
    chunk(png, "IDAT", data.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] content)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    checksum.update(content);
    DataOutputStream out = new DataOutputStream(png);
    out.writeInt(content.length);
    out.write(name);
    out.write(content);
    out.writeInt((int) checksum.getValue());
  }

  private static byte[] encoded(String format, int colour) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        image.setRGB(x, y, colour + 0x010101 * ((x * 37 + y * 91) % 64));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }
}
