package dev.convoy.benchmark.spark;

import dev.convoy.benchmark.Workload;
import dev.convoy.data.ImageShape;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;

/** JPEGs of noise with a shape on it, one folder per class. */
public final class JpegFolders {
  private static final int CORNERS = 4;

  private JpegFolders() {}

  /**
   * Draws what is missing; the same images every time.
   *
   * @param shape of every image, square
   * @return the root
   */
  public static Path draw(Path root, ImageShape shape, int images) throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < images; i++) {
      int label = i % Workload.CLASSES;
      BufferedImage image = image(random, shape, label);
      Path file = root.resolve(String.format(Locale.ROOT, "class-%d/%06d.jpg", label, i));
      if (!Files.exists(file)) {
        Files.createDirectories(file.getParent());
        if (!ImageIO.write(image, "jpg", file.toFile())) {
          throw new IOException("this Java cannot write JPEGs");
        }
      }
    }
    return root;
  }

  private static BufferedImage image(Random random, ImageShape shape, int label) {
    int side = shape.width();
    BufferedImage image =
        new BufferedImage(
            side,
            side,
            shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    Graphics2D pen = image.createGraphics();
    pen.setColor(Color.getHSBColor((float) label / Workload.CLASSES, 1, 1));
    pen.fillRoundRect(
        random.nextInt(side / 2),
        random.nextInt(side / 2),
        side / 4 + label,
        side / 2 - label,
        CORNERS,
        CORNERS);
    pen.dispose();
    return image;
  }
}
