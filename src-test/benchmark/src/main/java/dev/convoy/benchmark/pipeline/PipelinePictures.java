package dev.convoy.benchmark.pipeline;

import dev.convoy.data.ImageShape;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;

/** JPEGs of gradients, ellipses and some noise: about as many bytes a pixel as photographs have. */
final class PipelinePictures {
  private static final int ELLIPSES = 8;
  private static final int NOISE = 16;

  private PipelinePictures() {}

  /**
   * Draws what is missing; the same pictures every time.
   *
   * @return the directory
   */
  static Path draw(Path directory, ImageShape shape, int count) throws IOException {
    Files.createDirectories(directory);
    for (int i = 0; i < count; i++) {
      Path file = directory.resolve(String.format(Locale.ROOT, "%06d.jpg", i));
      if (!Files.exists(file)
          && !ImageIO.write(picture(new Random(i), shape), "jpg", file.toFile())) {
        throw new IOException("this Java cannot write JPEGs");
      }
    }
    return directory;
  }

  private static BufferedImage picture(Random random, ImageShape shape) {
    int width = shape.width();
    int height = shape.height();
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setPaint(new GradientPaint(0, 0, colour(random), width, height, colour(random)));
    pen.fillRect(0, 0, width, height);
    for (int i = 0; i < ELLIPSES; i++) {
      pen.setPaint(new GradientPaint(0, 0, colour(random), width, 0, colour(random)));
      pen.fillOval(
          random.nextInt(width) - width / 4,
          random.nextInt(height) - height / 4,
          1 + random.nextInt(width / 2),
          1 + random.nextInt(height / 2));
    }
    pen.dispose();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        Color plain = new Color(picture.getRGB(x, y));
        int noise = random.nextInt(2 * NOISE + 1) - NOISE;
        Color noisy =
            new Color(
                noisy(plain.getRed(), noise),
                noisy(plain.getGreen(), noise),
                noisy(plain.getBlue(), noise));
        picture.setRGB(x, y, noisy.getRGB());
      }
    }
    return picture;
  }

  private static int noisy(int value, int noise) {
    return Math.max(0, Math.min(255, value + noise));
  }

  private static Color colour(Random random) {
    return new Color(random.nextInt(1 << 24));
  }
}
