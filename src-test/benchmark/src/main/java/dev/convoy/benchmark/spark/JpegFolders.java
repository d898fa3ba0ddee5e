package dev.convoy.benchmark.spark;

import dev.convoy.benchmark.Workload;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** JPEGs of noise with a shape on it, one folder per class. */
final class JpegFolders {
  private static final int SIDE = 32;
  private static final int CORNERS = 4;

  private JpegFolders() {}

  /** Draws what is missing; the same images every time. */
  static Path draw(Path root, int images) throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < images; i++) {
      int label = i % Workload.CLASSES;
      BufferedImage image = image(random, label);
      Path file = root.resolve("class-%d/%06d.jpg".formatted(label, i));
      if (!Files.exists(file)) {
        Files.createDirectories(file.getParent());
        if (!ImageIO.write(image, "jpg", file.toFile())) {
          throw new IOException("this Java cannot write JPEGs");
        }
      }
    }
    return root;
  }

  private static BufferedImage image(Random random, int label) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    Graphics2D pen = image.createGraphics();
    pen.setColor(Color.getHSBColor((float) label / Workload.CLASSES, 1, 1));
    pen.fillRoundRect(
        random.nextInt(SIDE / 2),
        random.nextInt(SIDE / 2),
        SIDE / 4 + label,
        SIDE / 2 - label,
        CORNERS,
        CORNERS);
    pen.dispose();
    return image;
  }
}
