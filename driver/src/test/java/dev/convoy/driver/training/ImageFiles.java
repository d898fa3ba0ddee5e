package dev.convoy.driver.training;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Folders of small images for tests. */
public final class ImageFiles {
  private static final int SIDE = 12;

  private ImageFiles() {}

  /** Writes images {@code 0.png}, {@code 1.png} and so on of every class; returns the folder. */
  public static Path write(Path folder, int imagesPerClass, String... classes) throws IOException {
    for (int label = 0; label < classes.length; label++) {
      for (int i = 0; i < imagesPerClass; i++) {
        write(folder.resolve(classes[label]).resolve(i + ".png"), 40 * label + i);
      }
    }
    return folder;
  }

  /** Writes one image, a pattern that differs with the number. */
  public static void write(Path file, int number) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        image.getRaster().setSample(x, y, 0, (number + x * 37 + y * 91) % 256);
      }
    }
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
